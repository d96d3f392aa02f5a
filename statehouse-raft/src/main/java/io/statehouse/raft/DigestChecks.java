package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.state.Applied;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader log the digest of its rows now and then, so that every replica finds out soon whether it holds the same.
 *
 * <p>Nothing is logged while nothing is committed. The comparison is apply's; what it finds stops the process.
 */
final class DigestChecks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DigestChecks.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** At the latest so long after a commit: half of the time within which a divergence must be found. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

    private static final long CHECK_EVERY_ENTRIES = 1_000;

    private final Replica replica;
    private final BooleanSupplier isLeading;
    private final Consumer<Command> log;
    private final ScheduledExecutorService thread;

    /** Only the thread uses these three. */
    private CommitTs checked = CommitTs.ZERO;

    private long checkedIndex;
    private long checkedNanos = System.nanoTime();

    DigestChecks(String memberId, Replica replica, BooleanSupplier isLeading, Consumer<Command> log) {
        this.replica = replica;
        this.isLeading = isLeading;
        this.log = log;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(memberId + "-digests").daemon().factory());
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (isLeading.getAsBoolean()) {
                check(replica.query(StateMachine::progress));
            }
        } catch (LogException e) {
            LOG.debug("no digest was logged", e);
        }
    }

    private void check(Applied applied) {
        long now = System.nanoTime();
        boolean isDue = now - checkedNanos >= CHECK_EVERY.toNanos()
                || applied.position().index() - checkedIndex >= CHECK_EVERY_ENTRIES;
        if (isDue && applied.commitTs().isAfter(checked)) {
            log.accept(new CheckDigest(applied.commitTs(), applied.digest()));
            checked = applied.commitTs();
            checkedIndex = applied.position().index();
            checkedNanos = now;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
