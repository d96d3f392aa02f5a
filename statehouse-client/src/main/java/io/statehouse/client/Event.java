package io.statehouse.client;

import java.time.Instant;
import java.util.List;

/**
 * A committed transaction as a replay shows it: only the operations that were asked for.
 *
 * @param transactionId the transaction's id
 * @param commitTs its commit_ts: the order of all events and the place to go on from
 * @param committedAt its wall-clock time, to the millisecond, never smaller than that of an earlier event
 * @param namespace the namespace that was asked for
 * @param agentId the agent that was asked for; "" in a replay of all agents
 * @param operations the operations, in the order they were staged
 * @param origin who and what it comes from
 * @param readSet what it had read
 */
public record Event(
        String transactionId,
        long commitTs,
        Instant committedAt,
        String namespace,
        String agentId,
        List<Operation> operations,
        Origin origin,
        List<ReadRecord> readSet) {
    /** Copies the lists. */
    public Event {
        operations = List.copyOf(operations);
        readSet = List.copyOf(readSet);
    }
}
