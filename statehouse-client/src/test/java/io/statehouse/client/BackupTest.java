package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.BackupBegin;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupFile;
import io.statehouse.proto.v1.BackupManifest;
import io.statehouse.proto.v1.BackupPiece;
import io.statehouse.proto.v1.BackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A backup is written whole or not at all, whoever sends it. */
class BackupTest {
    private static final ByteString TABLE = ByteString.copyFromUtf8("rows of a table");
    private static final ByteString OPTIONS = ByteString.copyFromUtf8("options");
    private static final long PLENTY = 1_000;

    @TempDir
    private Path directory;

    private Server server;
    private StatehouseClient client;
    private List<BackupChunk> script = List.of();
    private Status end = Status.OK;

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new AdminServiceGrpc.AdminServiceImplBase() {
                    @Override
                    public void backup(BackupRequest request, StreamObserver<BackupChunk> caller) {
                        script.forEach(caller::onNext);
                        if (end.isOk()) {
                            caller.onCompleted();
                        } else {
                            caller.onError(end.asRuntimeException());
                        }
                    }
                })
                .build()
                .start();
        client = StatehouseClient.connect("127.0.0.1:" + server.getPort());
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void aSoundOneIsADirectoryThatSha256sumTakes() throws Exception {
        script = sound();

        Backup backup = backup(directory.resolve("b"));

        assertThat(backup.commitTs()).isEqualTo(7);
        assertThat(backup.bytes()).isEqualTo(TABLE.size() + OPTIONS.size());
        assertThat(directory.resolve("b/1.sst")).hasContent("rows of a table");
        assertThat(directory.resolve("b/BACKUP")).content().contains("format=1\ncluster=c-1\nnode=n1\ncommit_ts=7\n");
        assertThat(new ProcessBuilder("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS")
                        .directory(directory.resolve("b").toFile())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(directory.resolve("b.partial")).doesNotExist();
    }

    @Test
    void anEmptyDirectoryIsTakenAndOneInUseIsNot() throws IOException {
        script = sound();
        Files.createDirectory(directory.resolve("empty"));
        Files.createDirectory(directory.resolve("used"));
        Files.writeString(directory.resolve("used/mine"), "mine");

        assertThat(backup(directory.resolve("empty")).files()).isEqualTo(2);
        assertThatThrownBy(() -> backup(directory.resolve("used"))).isInstanceOf(BackupFailedException.class);
        assertThatThrownBy(() -> backup(directory.resolve("empty")))
                .as("a second time")
                .isInstanceOf(BackupFailedException.class);
        assertThat(directory.resolve("used/mine")).hasContent("mine");
    }

    @Test
    void oneThatWasInterruptedIsInTheWayUntilItIsDeleted() throws IOException {
        script = sound();
        Files.createDirectory(directory.resolve("b.partial"));

        assertThatThrownBy(() -> backup(directory.resolve("b"))).hasMessageContaining("delete it");
        Files.delete(directory.resolve("b.partial"));
        assertThat(backup(directory.resolve("b")).files()).isEqualTo(2);
    }

    @TestFactory
    Stream<DynamicTest> harm() {
        Map<String, List<BackupChunk>> harms = new LinkedHashMap<>();
        harms.put("a name that leads up", list(begin(PLENTY), piece("../evil", TABLE)));
        harms.put("an absolute name", list(begin(PLENTY), piece("/tmp/evil", TABLE)));
        harms.put("an empty name", list(begin(PLENTY), piece("", TABLE)));
        harms.put("a hidden name", list(begin(PLENTY), piece(".profile", TABLE)));
        harms.put("a name with a line break", list(begin(PLENTY), piece("a\nb", TABLE)));
        harms.put("the name of the list", list(begin(PLENTY), piece("SHA256SUMS", TABLE)));
        harms.put("the name of what it says of itself", list(begin(PLENTY), piece("BACKUP", TABLE)));
        harms.put(
                "a file twice",
                list(begin(PLENTY), piece("1.sst", TABLE), piece("OPTIONS-1", OPTIONS), piece("1.sst", TABLE)));
        harms.put("more than was announced", list(begin(1), piece("1.sst", TABLE)));
        harms.put("more than fits", list(begin(Long.MAX_VALUE)));
        harms.put("less than nothing", list(begin(-1)));
        harms.put("a byte that flipped on the way", flipped());
        harms.put(
                "a file that the manifest lacks",
                list(begin(PLENTY), piece("x", OPTIONS), sound(1), sound(2), sound(3)));
        harms.put("a file that did not come", list(begin(PLENTY), piece("1.sst", TABLE), sound(3)));
        harms.put("no files", list(begin(PLENTY), chunk(manifest().clearFiles())));
        harms.put(
                "a later format",
                list(begin(PLENTY), sound(1), sound(2), chunk(manifest().setFormat(2))));
        harms.put(
                "a cluster id that is no word",
                list(begin(PLENTY), sound(1), sound(2), chunk(manifest().setClusterId("c\ncommit_ts=9"))));
        harms.put("no announcement", list(sound(1), sound(2), sound(3)));
        harms.put("two announcements", list(begin(PLENTY), begin(PLENTY)));
        harms.put("no manifest", list(begin(PLENTY), sound(1), sound(2)));
        harms.put("nothing", list());
        return harms.entrySet().stream()
                .map(harm -> DynamicTest.dynamicTest(harm.getKey(), () -> assertNothingLeft(harm.getValue())));
    }

    @Test
    void aStreamThatBreaksLeavesNothing() throws IOException {
        end = Status.UNAVAILABLE.withDescription("killed");
        assertNothingLeft(list(begin(PLENTY), sound(1)));
    }

    private void assertNothingLeft(List<BackupChunk> hostile) throws IOException {
        script = hostile;

        assertThatThrownBy(() -> backup(directory.resolve("b")))
                .isInstanceOfAny(BackupFailedException.class, StatehouseException.Unavailable.class);
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    private Backup backup(Path target) throws IOException {
        return client.admin().backup("127.0.0.1:" + server.getPort(), target, (done, all) -> {});
    }

    private static List<BackupChunk> sound() {
        return list(
                begin(PLENTY),
                piece("1.sst", TABLE.substring(0, 4)),
                piece("1.sst", TABLE.substring(4)),
                sound(2),
                sound(3));
    }

    private static BackupChunk sound(int part) {
        return switch (part) {
            case 1 -> piece("1.sst", TABLE);
            case 2 -> piece("OPTIONS-1", OPTIONS);
            default -> chunk(manifest());
        };
    }

    private static List<BackupChunk> flipped() {
        byte[] bytes = TABLE.toByteArray();
        bytes[3] ^= 1;
        return list(begin(PLENTY), piece("1.sst", ByteString.copyFrom(bytes)), sound(2), sound(3));
    }

    private static BackupChunk begin(long bytes) {
        return BackupChunk.newBuilder()
                .setBegin(BackupBegin.newBuilder().setBytes(bytes))
                .build();
    }

    private static BackupChunk piece(String name, ByteString data) {
        return BackupChunk.newBuilder()
                .setPiece(BackupPiece.newBuilder().setFile(name).setData(data))
                .build();
    }

    private static BackupManifest.Builder manifest() {
        return BackupManifest.newBuilder()
                .setFormat(1)
                .setClusterId("c-1")
                .setNodeId("n1")
                .setCommitTs(7)
                .setChainHash(ByteString.copyFrom(new byte[32]))
                .setDigest(ByteString.copyFrom(new byte[16]))
                .addFiles(file("1.sst", TABLE))
                .addFiles(file("OPTIONS-1", OPTIONS));
    }

    private static BackupChunk chunk(BackupManifest.Builder manifest) {
        return BackupChunk.newBuilder().setEnd(manifest).build();
    }

    private static BackupFile file(String name, ByteString data) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(data.toByteArray());
            return BackupFile.newBuilder()
                    .setName(name)
                    .setBytes(data.size())
                    .setSha256(ByteString.copyFrom(sum))
                    .build();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<BackupChunk> list(BackupChunk... chunks) {
        return new ArrayList<>(List.of(chunks));
    }
}
