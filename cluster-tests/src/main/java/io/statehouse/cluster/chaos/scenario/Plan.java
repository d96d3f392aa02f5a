package io.statehouse.cluster.chaos.scenario;

/** Which faults are struck, when, and how long each lasts. All its chance comes from {@link Scene#random}. */
@FunctionalInterface
public interface Plan {
    /** Runs until {@link Scene#isOver}, or for as long as its own story takes; heals everything it struck. */
    void run(Scene scene);
}
