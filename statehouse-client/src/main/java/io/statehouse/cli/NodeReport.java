package io.statehouse.cli;

import io.statehouse.client.NodeExamination;
import io.statehouse.client.RefusalCode;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} heard of one node.
 *
 * @param name its id, or its endpoint when the id is not known
 * @param heard null when it did not say how it is
 * @param refusal why it answered and would not say; null when it said, or did not answer
 * @param failure what is wrong when it did not say; "" when it did
 */
record NodeReport(
        String name,
        String endpoint,
        @Nullable NodeExamination heard,
        @Nullable RefusalCode refusal,
        String failure) {
    /** Whether it does not answer: one that refuses is there. */
    boolean isSilent() {
        return heard == null && refusal == null;
    }
}
