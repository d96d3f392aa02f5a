package io.statehouse.cluster.chaos.verdict;

/** One demand on a run; a pure function of its history, so that it can be asked again years later. */
@FunctionalInterface
public interface Acceptance {
    /** Whether it held. */
    Ruling judge(Facts facts);
}
