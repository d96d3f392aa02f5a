package io.statehouse.client;

import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiConsumer;

/** One backup of one node's state. */
final class BackingUp {
    /** So that the node sends while this side writes. */
    private static final int AHEAD = 4;

    /** The node reads all of its state before it says anything. */
    private static final Duration FIRST_PATIENCE = Duration.ofMinutes(10);

    private final Caller caller;
    private final Endpoint endpoint;

    BackingUp(Caller caller, Endpoint endpoint) {
        this.caller = caller;
        this.endpoint = endpoint;
    }

    Backup run(Path directory, BiConsumer<Long, Long> progress) throws IOException {
        try (var stream = new NodeStream<>(caller, endpoint, AdminServiceGrpc.getBackupMethod(), AHEAD);
                var staging = BackupStaging.beside(directory)) {
            stream.start(BackupRequest.getDefaultInstance());
            long announced = begin(stream.take(FIRST_PATIENCE), staging);
            while (true) {
                BackupChunk chunk = stream.take(caller.options().streamIdleTimeout());
                switch (chunk.getPartCase()) {
                    case PIECE ->
                        staging.write(
                                chunk.getPiece().getFile(), chunk.getPiece().getData());
                    case END -> {
                        return staging.finish(chunk.getEnd());
                    }
                    case BEGIN, PART_NOT_SET -> throw unexpected();
                }
                progress.accept(staging.bytes(), announced);
            }
        }
    }

    private long begin(BackupChunk first, BackupStaging staging) throws IOException {
        if (!first.hasBegin()) {
            throw unexpected();
        }
        staging.begin(first.getBegin().getBytes());
        return first.getBegin().getBytes();
    }

    private BackupFailedException unexpected() {
        return new BackupFailedException(endpoint + " sends what is no part of a backup");
    }
}
