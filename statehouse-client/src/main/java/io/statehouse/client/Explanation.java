package io.statehouse.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision explained.
 *
 * @param event what it wrote, who and what it comes from
 * @param reads what it had read, as it was then
 * @param downstream later decisions that had read what it wrote, where they were asked for
 */
public record Explanation(Event event, List<ExplainedRead> reads, List<DownstreamRead> downstream) {
    /** Copies the lists. */
    public Explanation {
        reads = List.copyOf(reads);
        downstream = List.copyOf(downstream);
    }

    /**
     * A version that a decision had read.
     *
     * @param key the key
     * @param version the version; 0 = the key had never been written
     * @param commitTs the commit that made it; 0 where there was none
     * @param transactionId the transaction that made it; "" where there was none
     * @param value what it held; null = nothing, or it is erased
     * @param erased it was superseded, and retention has let it go
     */
    public record ExplainedRead(
            StateKey key,
            long version,
            long commitTs,
            String transactionId,
            @Nullable Json value,
            boolean erased) {}

    /**
     * A later decision that had read a version this one wrote.
     *
     * @param transactionId the later transaction
     * @param commitTs its commit_ts
     * @param key the key it had read
     * @param version the version it had read
     */
    public record DownstreamRead(String transactionId, long commitTs, StateKey key, long version) {}
}
