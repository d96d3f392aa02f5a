package io.statehouse.raft;

import io.statehouse.raft.SnapshotManifest.SnapshotFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends followers a checkpoint of the present state, no faster than they take it. */
final class SnapshotSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);

    /** Checkpoints under way at once; each keeps files alive that RocksDB would like to drop. */
    private static final int TRANSFERS_MAX = 2;

    private static final int PIECE_BYTES = 1 << 20;
    private static final Duration STALL_MAX = Duration.ofSeconds(60);
    private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

    private final Replica replica;
    private final SnapshotDirectory directory;
    private final ExecutorService threads;

    /** Of all transfers since nobody was sent anything. */
    private final AtomicReference<Sending> sending = new AtomicReference<>(Sending.NONE);

    /** How much is being sent at the moment. */
    record Sending(int transfers, long sentBytes, long allBytes) {
        static final Sending NONE = new Sending(0, 0, 0);

        Sending begun(long bytes) {
            return new Sending(transfers + 1, sentBytes, allBytes + bytes);
        }

        Sending sent(long bytes) {
            return new Sending(transfers, sentBytes + bytes, allBytes);
        }

        Sending ended() {
            return transfers == 1 ? NONE : new Sending(transfers - 1, sentBytes, allBytes);
        }
    }

    SnapshotSender(String memberId, Replica replica, SnapshotDirectory directory) {
        this.replica = replica;
        this.directory = directory;
        this.threads = new ThreadPoolExecutor(
                0,
                TRANSFERS_MAX,
                IDLE_THREAD.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform()
                        .name(memberId + "-snapshot-sender-", 0)
                        .daemon()
                        .factory());
    }

    Sending sending() {
        return sending.get();
    }

    void send(ServerCallStreamObserver<byte[]> follower) {
        var ready = new Semaphore(0);
        follower.setOnReadyHandler(ready::release);
        follower.setOnCancelHandler(ready::release);
        try {
            threads.execute(() -> sendCheckpoint(follower, ready));
        } catch (RejectedExecutionException e) {
            follower.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(TRANSFERS_MAX + " snapshots are being sent already")
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    private void sendCheckpoint(ServerCallStreamObserver<byte[]> follower, Semaphore ready) {
        try {
            try (StateCopy copy = replica.copy(directory)) {
                long bytes = copy.bytes();
                sending.updateAndGet(now -> now.begun(bytes));
                try {
                    sendFiles(copy, follower, ready);
                } finally {
                    sending.updateAndGet(Sending::ended);
                }
                follower.onCompleted();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("sending a snapshot failed; the follower will ask again", e);
            follower.onError(
                    Status.ABORTED.withDescription(e.getMessage()).withCause(e).asRuntimeException());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            follower.onError(Status.CANCELLED.withCause(e).asRuntimeException());
        }
    }

    private void sendFiles(StateCopy copy, ServerCallStreamObserver<byte[]> follower, Semaphore ready)
            throws IOException, InterruptedException {
        for (var piece = copy.next(PIECE_BYTES); piece != null; piece = copy.next(PIECE_BYTES)) {
            awaitReady(follower, ready);
            long bytes = piece.bytes().remaining();
            follower.onNext(new SnapshotFrame.Piece(piece.file(), piece.bytes()).encode());
            sending.updateAndGet(now -> now.sent(bytes));
        }
        awaitReady(follower, ready);
        var sent = copy.files().stream()
                .map(file -> new SnapshotFile(file.name(), file.bytes(), file.sha256()))
                .toList();
        follower.onNext(new SnapshotFrame.End(new SnapshotManifest(sent)).encode());
        LOG.info("snapshot sent files={}", sent.size());
    }

    private static void awaitReady(ServerCallStreamObserver<byte[]> follower, Semaphore ready)
            throws IOException, InterruptedException {
        while (!follower.isReady()) {
            if (follower.isCancelled()) {
                throw new IOException("the follower gave up");
            }
            if (!ready.tryAcquire(STALL_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the follower took nothing for " + STALL_MAX.toSeconds() + " seconds");
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
