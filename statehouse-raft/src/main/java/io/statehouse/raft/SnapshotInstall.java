package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this member to a checkpoint of the leader, when the leader's log no longer reaches back to it.
 *
 * <p>Pull into staging → verify → force to the disk → switch the pointer → tell Ratis, which then has the state
 * reopened. The pointer is switched before Ratis hears of it, because Ratis drops its log at once: a crash in between
 * must find the new state, not the old one with its log gone.
 */
final class SnapshotInstall implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotInstall.class);

    private final Function<Member, Iterator<byte[]>> source;
    private final Replica replica;
    private final SnapshotDirectory directory;
    private final DiskGuard guard;
    private final ExecutorService thread;

    SnapshotInstall(
            String memberId,
            Function<Member, Iterator<byte[]>> source,
            Replica replica,
            SnapshotDirectory directory,
            DiskGuard guard) {
        this.source = source;
        this.replica = replica;
        this.directory = directory;
        this.guard = guard;
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .name(memberId + "-snapshot-install")
                .daemon()
                .factory());
    }

    /** Returns at once. Ratis asks again when the future fails, and goes on by log when it gives null. */
    CompletableFuture<TermIndex> start(Member leader, TermIndex firstInLog) {
        return CompletableFuture.supplyAsync(
                () -> isWithinReach(firstInLog) ? presentState() : install(leader, firstInLog), thread);
    }

    private boolean isWithinReach(TermIndex firstInLog) {
        return firstInLog.getIndex() <= replica.entries().reached() + 1;
    }

    /** The leader believes this member is further back than it is; it goes on from what it is told here. */
    private @Nullable TermIndex presentState() {
        var position = replica.makeDurable().position();
        // Ratis takes the answer for an install and drops its log up to there.
        guard.recordInstall(position);
        LOG.info("no snapshot needed, the leader's log reaches back far enough index={}", position.index());
        return position.index() < 0 ? null : TermIndex.valueOf(position.term(), position.index());
    }

    private TermIndex install(Member leader, TermIndex firstInLog) {
        try {
            LOG.info("snapshot install begins leader={} first_index={}", leader.id(), firstInLog.getIndex());
            Path staging = directory.newStaging();
            LogPosition installed;
            try {
                new SnapshotFetch(staging).receive(source.apply(leader));
                installed = SnapshotFetch.prove(directory, staging);
                switchTo(staging, installed, firstInLog);
            } finally {
                // Gone after the switch; anything else is a copy that was not proven.
                SnapshotDirectory.remove(staging);
            }
            LOG.info("snapshot installed leader={} term={} index={}", leader.id(), installed.term(), installed.index());
            return TermIndex.valueOf(installed.term(), installed.index());
        } catch (IOException | StoreFailedException e) {
            throw new LogException.Unavailable("cannot install a snapshot of " + leader.id(), e);
        }
    }

    /** A crash after it starts with the new database, so what comes behind that one in the log must be kept from here on. */
    private void switchTo(Path staging, LogPosition installed, TermIndex firstInLog) throws IOException {
        replica.expectReload();
        boolean isSwitched = false;
        try {
            requireUseful(installed, firstInLog);
            guard.recordInstall(installed);
            directory.switchTo(staging);
            isSwitched = true;
        } finally {
            if (!isSwitched) {
                replica.expectNoReload();
            }
        }
    }

    private void requireUseful(LogPosition installed, TermIndex firstInLog) throws IOException {
        if (installed.index() + 1 < firstInLog.getIndex()) {
            throw new IOException("the snapshot ends at " + installed.index() + ", before the leader's log begins");
        }
        if (installed.index() < replica.entries().reached()) {
            throw new IOException("the snapshot ends at " + installed.index() + ", before this member's state");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
