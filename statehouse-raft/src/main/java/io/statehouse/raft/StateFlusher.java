package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.ratis.server.raftlog.RaftLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces applied state to the disk at intervals, and has the Raft log purged behind it when enough has gathered.
 *
 * <p>Apply never waits for it: Ratis's own snapshot would run in the apply thread and only reports what is forced here.
 */
final class StateFlusher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFlusher.class);
    private static final long PURGE_WAIT_SECONDS = 30;

    private final RaftOptions options;
    private final Replica replica;
    private final DiskGuard guard;
    private final Halt halt;
    private final RaftLogView log;
    private final ScheduledExecutorService thread;
    private long purgedIndex;
    private long purgedBytes;

    /** What the flusher needs of Ratis. */
    record RaftLogView(Supplier<RaftLog> log, Supplier<CompletableFuture<?>> purge) {}

    StateFlusher(RaftOptions options, Replica replica, DiskGuard guard, Halt halt, RaftLogView log) {
        this.options = options;
        this.replica = replica;
        this.guard = guard;
        this.halt = halt;
        this.log = log;
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .name(options.self().id() + "-flusher")
                .daemon()
                .factory());
    }

    void start() {
        purgedIndex = replica.durable().position().index();
        long millis = options.flushInterval().toMillis();
        var unused = thread.scheduleWithFixedDelay(() -> flushOrHalt(false), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Does now what it else does at intervals, and purges whatever it may. */
    CompletableFuture<SnapshotTaken> flushNow() {
        return CompletableFuture.supplyAsync(
                () -> {
                    long first = log.log.get().getStartIndex();
                    flushOrHalt(true);
                    RaftLog now = log.log.get();
                    return new SnapshotTaken(
                            replica.durable().commitTs(),
                            Math.max(0, now.getStartIndex() - first),
                            now.getNextIndex() - now.getStartIndex());
                },
                thread);
    }

    private void flushOrHalt(boolean isPurgeWanted) {
        try {
            flush(isPurgeWanted);
        } catch (LogException.Unavailable e) {
            LOG.debug(
                    "nothing to force, the state is closed member={}",
                    options.self().id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            halt.now(ExitCode.STORAGE_FAILED, "cannot force the state to the disk", e);
            throw e;
        }
    }

    private void flush(boolean isPurgeWanted) throws InterruptedException {
        if (replica.entries().reached() <= replica.durable().position().index() && !isPurgeWanted) {
            return;
        }
        var forced = replica.makeDurable();
        // A follower may have applied what is committed by others and not yet in its own log; that proves nothing.
        if (log.log.get().getFlushIndex() >= forced.position().index()) {
            guard.recordCommitted(forced.position());
        }
        if (isPurgeDue(forced.position().index(), isPurgeWanted)) {
            purge(forced.position().index());
        }
        replica.publish();
    }

    private boolean isPurgeDue(long index, boolean isPurgeWanted) {
        if (replica.isReloadExpected()) {
            return false;
        }
        return (isPurgeWanted && index > purgedIndex)
                || index - purgedIndex >= options.retention().purgeEntries()
                || replica.bytesApplied() - purgedBytes >= options.retention().purgeBytes();
    }

    /** Before the new position is published: Ratis refuses a snapshot at a position it knows already. */
    private void purge(long index) throws InterruptedException {
        long bytes = replica.bytesApplied();
        try {
            log.purge.get().get(PURGE_WAIT_SECONDS, TimeUnit.SECONDS);
            purgedIndex = index;
            purgedBytes = bytes;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "the Raft log was not purged, trying again later member={} index={}",
                    options.self().id(),
                    index,
                    e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PURGE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("flusher did not end member={}", options.self().id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
