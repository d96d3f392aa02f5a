package io.statehouse.cli;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.BackupBegin;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupFile;
import io.statehouse.proto.v1.BackupManifest;
import io.statehouse.proto.v1.BackupPiece;
import io.statehouse.proto.v1.BackupRequest;
import java.util.List;

/** A state of two files. */
final class ScriptedBackup {
    private static final ByteString TABLE = ByteString.copyFromUtf8("rows");
    private static final ByteString MANIFEST = ByteString.copyFromUtf8("000007.sst");
    private static final long WALL_MILLIS = 1_795_256_107_000L;

    private ScriptedBackup() {}

    static void behind(ScriptedServer server) {
        server.<BackupRequest, BackupChunk>stream(AdminServiceGrpc.getBackupMethod(), request -> backup());
    }

    private static List<BackupChunk> backup() {
        return List.of(
                BackupChunk.newBuilder()
                        .setBegin(BackupBegin.newBuilder().setBytes(TABLE.size() + MANIFEST.size()))
                        .build(),
                piece("000007.sst", TABLE),
                piece("MANIFEST-000005", MANIFEST),
                BackupChunk.newBuilder()
                        .setEnd(BackupManifest.newBuilder()
                                .setFormat(1)
                                .setClusterId("2f6c1b1e-5d3a-4c7e-9b1f-0a1b2c3d4e5f")
                                .setNodeId("n1")
                                .setCommitTs(7)
                                .setWallTimeMs(WALL_MILLIS)
                                .setChainHash(ByteString.fromHex("a1".repeat(32)))
                                .setDigest(ByteString.fromHex("b2".repeat(16)))
                                .addFiles(file("000007.sst", TABLE))
                                .addFiles(file("MANIFEST-000005", MANIFEST)))
                        .build());
    }

    private static BackupChunk piece(String name, ByteString data) {
        return BackupChunk.newBuilder()
                .setPiece(BackupPiece.newBuilder().setFile(name).setData(data))
                .build();
    }

    private static BackupFile file(String name, ByteString data) {
        return BackupFile.newBuilder()
                .setName(name)
                .setBytes(data.size())
                .setSha256(ByteString.copyFrom(ExportLines.sha256().digest(data.toByteArray())))
                .build();
    }
}
