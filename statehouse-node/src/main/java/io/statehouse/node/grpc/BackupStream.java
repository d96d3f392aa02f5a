package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.BackupService;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.BackupBegin;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupFile;
import io.statehouse.proto.v1.BackupManifest;
import io.statehouse.proto.v1.BackupPiece;
import io.statehouse.raft.StateCopy;
import io.statehouse.statemachine.state.Applied;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a backup, a piece per task and only while its reader is ready for more; what it holds in memory is one piece.
 *
 * <p>However it ends, the copy is closed: at its end, when the reader leaves, and when the reader takes nothing for too long.
 */
final class BackupStream {
    private static final int PIECE_BYTES_MAX = 1 << 20;

    private final ServerCallStreamObserver<BackupChunk> observer;
    private final NodeLimits limits;
    private final Steps steps;

    private volatile BackupService.@Nullable Backup backup;
    private volatile boolean isCancelled;

    // Only for steps.
    private CompletableFuture<Void> patience = CompletableFuture.completedFuture(null);
    private long tookNanos = System.nanoTime();
    private boolean hasBegun;
    private boolean isOver;

    BackupStream(ServerCallStreamObserver<BackupChunk> observer, NodeLimits limits, Executor executor) {
        this.observer = observer;
        this.limits = limits;
        this.steps = new Steps(executor, this::advance, this::fail);
    }

    /** Must be called before the call's handler returns. */
    void start(CompletableFuture<BackupService.Backup> opened) {
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(() -> {
            isCancelled = true;
            wake();
        });
        var unused = opened.whenComplete((opening, failure) -> {
            if (failure != null) {
                observer.onError(StatusMapper.toStatus(failure));
            } else {
                tookNanos = System.nanoTime();
                backup = opening;
                wake();
            }
        });
    }

    private void wake() {
        if (backup != null) {
            steps.wake();
        }
    }

    /** Sends the next message; answers whether there is more to do at once. */
    private boolean advance() throws IOException {
        BackupService.Backup from = backup;
        if (isOver || from == null) {
            return false;
        }
        if (isCancelled) {
            end();
            return false;
        }
        patience.cancel(false);
        if (!observer.isReady()) {
            awaitReader();
            return false;
        }
        send(from);
        tookNanos = System.nanoTime();
        return !isOver;
    }

    /** The reader wakes this stream, or the time does. */
    private void awaitReader() {
        long stallMillis = limits.watchStallMax().toMillis();
        long leftMillis = stallMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - tookNanos);
        if (leftMillis <= 0) {
            throw Refusals.tooSlow(stallMillis);
        }
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        patience = waiting;
        var unused = waiting.completeOnTimeout(null, leftMillis, TimeUnit.MILLISECONDS)
                .thenRun(this::wake);
    }

    private void send(BackupService.Backup from) throws IOException {
        if (!hasBegun) {
            hasBegun = true;
            observer.onNext(BackupChunk.newBuilder()
                    .setBegin(BackupBegin.newBuilder().setBytes(from.copy().bytes()))
                    .build());
            return;
        }
        StateCopy.Piece piece = from.copy().next(Math.clamp(limits.responseBytesMax() / 2, 1, PIECE_BYTES_MAX));
        if (piece != null) {
            observer.onNext(BackupChunk.newBuilder().setPiece(piece(piece)).build());
            return;
        }
        BackupChunk last = BackupChunk.newBuilder().setEnd(manifest(from)).build();
        if (last.getSerializedSize() > limits.responseBytesMax()) {
            throw Refusals.limitExceeded("responseBytesMax", limits.responseBytesMax(), last.getSerializedSize());
        }
        end();
        observer.onNext(last);
        observer.onCompleted();
    }

    private static BackupPiece piece(StateCopy.Piece piece) {
        return BackupPiece.newBuilder()
                .setFile(piece.file())
                .setData(UnsafeByteOperations.unsafeWrap(piece.bytes()))
                .build();
    }

    private static BackupManifest manifest(BackupService.Backup from) {
        Applied holds = from.copy().holds();
        BackupManifest.Builder manifest = BackupManifest.newBuilder()
                .setFormat(1)
                .setClusterId(from.cluster().clusterId())
                .setNodeId(from.cluster().self().id())
                .setCommitTs(holds.commitTs().value())
                .setWallTimeMs(holds.wallMillis())
                .setChainHash(ByteString.copyFrom(holds.chainHash()))
                .setDigest(ByteString.copyFrom(holds.digest().toBytes()));
        for (StateCopy.FileSum file : from.copy().files()) {
            manifest.addFiles(BackupFile.newBuilder()
                    .setName(file.name())
                    .setBytes(file.bytes())
                    .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(file.sha256()))));
        }
        return manifest.build();
    }

    private void fail(Throwable failure) {
        if (!isOver) {
            end();
            observer.onError(StatusMapper.toStatus(failure));
        }
    }

    private void end() {
        isOver = true;
        patience.cancel(false);
        BackupService.Backup from = backup;
        if (from != null) {
            from.close();
        }
    }
}
