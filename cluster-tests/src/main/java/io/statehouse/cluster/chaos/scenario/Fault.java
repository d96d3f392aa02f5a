package io.statehouse.cluster.chaos.scenario;

/** One kind of fault. Has no state of its own: it may be struck again and again, and several times at once. */
public interface Fault {
    /** What the report calls it, such as {@code kill leader}. */
    String name();

    /** Does harm, and returns at once. */
    Harm inflict(Scene scene);
}
