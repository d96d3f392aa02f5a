package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.BackupService;
import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupRequest;
import java.util.concurrent.Executor;

/** The calls that copy a node's state for operators. */
final class AdminEndpoint extends AdminServiceGrpc.AdminServiceImplBase {
    private final BackupService backups;
    private final NodeLimits limits;
    private final Executor executor;

    AdminEndpoint(BackupService backups, NodeLimits limits, Executor executor) {
        this.backups = backups;
        this.limits = limits;
        this.executor = executor;
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupChunk> observer) {
        try {
            new BackupStream((ServerCallStreamObserver<BackupChunk>) observer, limits, executor)
                    .start(backups.begin(Calls.caller()));
        } catch (RuntimeException e) {
            observer.onError(StatusMapper.toStatus(e));
        }
    }
}
