package io.statehouse.node.service;

import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps the transactions of namespaces with a quota to so many operations a second.
 *
 * <p>Each node counts what is proposed through it, in memory: a rate need not be the same on all replicas, and after a change of
 * leader a namespace may take a second's worth anew. What only deletes is not counted. A transaction larger than what is left is
 * taken, and those that follow wait the longer.
 */
final class Rates {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final ReplicatedLog log;
    private final LongSupplier nanoTime;

    /** No more than there are namespaces with a quota. */
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    Rates(ReplicatedLog log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** Counts a transaction, or refuses it. */
    void take(CommitTransaction transaction) {
        boolean isDelete = transaction.operations().stream().allMatch(Operation.Delete.class::isInstance);
        if (isDelete || !log.query(StateMachine::hasQuotas)) {
            return;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        transaction
                .operations()
                .forEach(operation -> counts.merge(operation.key().agent().namespace(), 1, Integer::sum));
        counts.forEach((namespace, count) -> {
            long max = log.query(machine -> machine.usage(namespace)).quota().operationsPerSecondMax();
            if (max > 0) {
                buckets.computeIfAbsent(namespace, made -> new Bucket(nanoTime.getAsLong()))
                        .take(namespace, count, max, nanoTime.getAsLong());
            }
        });
    }

    /** Fills with operations, and runs out by so many a second. */
    private static final class Bucket {
        private long seenNanos;
        private double level;

        Bucket(long nowNanos) {
            this.seenNanos = nowNanos;
        }

        synchronized void take(String namespace, int count, long max, long nowNanos) {
            level = Math.max(0, level - (nowNanos - seenNanos) / NANOS_PER_SECOND * max);
            seenNanos = nowNanos;
            if (level >= max) {
                double seconds = (level - max + 1) / max;
                throw Refusals.tooMany(namespace, max, 1 + (long) (seconds * MILLIS_PER_SECOND));
            }
            level += count;
        }
    }
}
