package io.statehouse.raft;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * How any member becomes readable: it learns from whoever leads up to where it must have applied, and waits for that.
 *
 * <p>A question that fails, because leadership moves at that moment, is asked again of the next leader, and always anew:
 * an index from before is never used again.
 */
final class ReadRoute {
    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(20);

    private final Supplier<RaftServer.Division> division;
    private final ReadBarrier barrier;
    private final PeerLink link;
    private final Replica replica;
    private final Duration timeout;
    private final FreshRounds rounds = new FreshRounds(this::confirm);

    /** What a route leads over. */
    record Stations(Supplier<RaftServer.Division> division, ReadBarrier barrier, PeerLink link, Replica replica) {}

    /** Both the question and the wait for apply end after the timeout. */
    ReadRoute(Stations stations, Duration timeout) {
        this.division = stations.division;
        this.barrier = stations.barrier;
        this.link = stations.link;
        this.replica = stations.replica;
        this.timeout = timeout;
    }

    CompletableFuture<Void> awaitReadable() {
        return rounds.join()
                .thenCompose(this::awaitEntry)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(RatisFailures.waiting(failure)));
    }

    private CompletableFuture<Void> awaitEntry(long index) {
        var wait = replica.entries().await(index);
        return wait.isDone() ? wait : wait.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Long> confirm() {
        return ask(System.nanoTime() + timeout.toNanos());
    }

    private CompletableFuture<Long> ask(long deadline) {
        return askOnce()
                .exceptionallyCompose(failure -> System.nanoTime() - deadline > 0
                        ? CompletableFuture.failedFuture(failure)
                        : pause().thenCompose(paused -> ask(deadline)));
    }

    /** Ends also when this member has ended: what is asked then fails by itself. */
    private static CompletableFuture<@Nullable Void> pause() {
        return new CompletableFuture<@Nullable Void>()
                .completeOnTimeout(null, ASK_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Long> askOnce() {
        @Nullable Member leader = Members.leader(division.get());
        if (leader == null) {
            return CompletableFuture.failedFuture(new LogException.NotLeader(null));
        }
        boolean isSelf = leader.id().equals(Members.name(division.get().getId()));
        return isSelf ? barrier.confirm() : link.readIndex(leader);
    }
}
