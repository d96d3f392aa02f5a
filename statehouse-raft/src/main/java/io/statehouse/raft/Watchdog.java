package io.statehouse.raft;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose replica stands still although the process runs: a supervisor can restart the one, nobody sees
 * the other.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Committed entries and no progress of apply for so long. */
    private static final Duration STILL_MAX = Duration.ofSeconds(10);

    /**
     * A snapshot in place and not opened for so long. Ratis opens it when the leader asks again; a new leader whose log
     * reaches back far enough never asks, and Ratis takes no entries either. A restart opens it.
     */
    private static final Duration RELOAD_MAX = Duration.ofSeconds(30);

    private final Supplier<RaftServer.Division> division;
    private final Replica replica;
    private final BooleanSupplier areThreadsAlive;
    private final Runnable onClosed;
    private final Halt halt;
    private final ScheduledExecutorService thread;
    private long lastApplied;
    private long lastProgressNanos = System.nanoTime();

    Watchdog(String memberId, Supplier<RaftServer.Division> division, Replica replica, Control control) {
        this.division = division;
        this.replica = replica;
        this.areThreadsAlive = control.areThreadsAlive;
        this.onClosed = control.onClosed;
        this.halt = control.halt;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(memberId + "-watchdog").daemon().factory());
    }

    /** What it looks at beside Ratis, and what it does. */
    record Control(BooleanSupplier areThreadsAlive, Runnable onClosed, Halt halt) {}

    void start() {
        var unused =
                thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            // Halts by itself when the disk failed in the background, where nothing else may write for long.
            replica.requireHealthy();
            lookAt(division.get());
        } catch (LogException.Unavailable e) {
            LOG.debug("nothing to look at, the state is closed", e);
        } catch (RuntimeException | Error e) {
            halt.now(ExitCode.ZOMBIE, "the replica cannot be looked at", e);
        }
    }

    private void lookAt(RaftServer.Division watched) {
        if (!watched.getInfo().isAlive()) {
            // It may see this before Ratis tells the state machine.
            onClosed.run();
        } else if (!areThreadsAlive.getAsBoolean()) {
            halt.now(ExitCode.ZOMBIE, "a thread of this replica has ended", null);
        } else if (replica.isReloadOverdue(RELOAD_MAX)) {
            halt.now(ExitCode.ZOMBIE, "an installed snapshot was not opened", null);
        } else if (standsStill(watched)) {
            halt.now(
                    ExitCode.ZOMBIE,
                    "apply stands at index " + lastApplied + " for " + STILL_MAX.toSeconds() + " seconds while "
                            + watched.getRaftLog().getLastCommittedIndex() + " is committed",
                    null);
        }
    }

    private boolean standsStill(RaftServer.Division watched) {
        long applied = replica.entries().reached();
        long now = System.nanoTime();
        if (applied != lastApplied || applied >= watched.getRaftLog().getLastCommittedIndex()) {
            lastApplied = applied;
            lastProgressNanos = now;
        }
        return now - lastProgressNanos > STILL_MAX.toNanos();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
