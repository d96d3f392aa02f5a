package io.statehouse.cluster.check;

import java.util.List;

/** What a checker makes of a history. There is no fourth answer, and only the first one is a pass. */
public sealed interface Verdict {

    /**
     * Nothing contradicts the promise.
     *
     * @param examined how many facts were looked at: 0 means that nothing could have contradicted it
     */
    record Legal(long examined) implements Verdict {}

    /** The promise was broken. */
    record Illegal(List<Finding> findings) implements Verdict {
        public Illegal {
            findings = List.copyOf(findings);
            if (findings.isEmpty()) {
                throw new IllegalArgumentException("nothing is illegal without a finding");
            }
        }
    }

    /** Neither could be shown: the budget ran out, or the history lacks what it takes. */
    record Undecided(String reason) implements Verdict {}

    default boolean isLegal() {
        return this instanceof Legal;
    }
}
