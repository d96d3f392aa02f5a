package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.AdminServiceGrpc;
import io.statehouse.proto.v1.BackupChunk;
import io.statehouse.proto.v1.BackupFile;
import io.statehouse.proto.v1.BackupManifest;
import io.statehouse.proto.v1.BackupRequest;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.raft.ExitCode;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest extends NativeSession {
    private static final int VALUES = 16;
    private static final int VALUE_BYTES = 500_000;
    private static final long STALL_MILLIS = 1_500;
    private static final long SOON_SECONDS = 60;

    @TempDir
    private static Path data;

    @TempDir
    private Path target;

    private ManagedChannel channel;

    @BeforeAll
    static void start() {
        List<Integer> ports = TestCluster.freePorts(1);
        node = TestNode.start(Map.of(
                Setting.USE_MEMORY,
                "false",
                Setting.INIT,
                "true",
                Setting.RAFT_ADDR,
                "127.0.0.1:" + ports.get(0),
                Setting.WATCH_STALL_MAX_MS,
                Long.toString(STALL_MILLIS),
                Setting.DATA_DIR,
                data.toString()));
        await().until(() -> node.node().cluster().isReady());
        // More than flow control lets through to a reader that takes nothing, also when it is compressed.
        try (V1Client filler = new V1Client(node.address(), "filler")) {
            var random = new SplittableRandom(1);
            for (int i = 0; i < VALUES; i++) {
                var text = new StringBuilder();
                random.ints(VALUE_BYTES, 'a', 'z' + 1).forEach(c -> text.append((char) c));
                filler.put("ada", "k" + i, V1Client.object("v", V1Client.text(text.toString())));
            }
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void open() {
        channel = ManagedChannelBuilder.forTarget(node.address()).usePlaintext().build();
    }

    @AfterEach
    void shut() {
        channel.shutdownNow();
    }

    @Test
    void aBackupHoldsWhatWasAcknowledgedBeforeItAndIsWhatTheManifestSays() throws Exception {
        long last = commit(put("task", "1")).getCommitTs();

        BackupManifest manifest = fetch();

        assertThat(manifest.getCommitTs()).isEqualTo(last);
        assertThat(manifest.getNodeId()).isEqualTo("n1");
        for (BackupFile file : manifest.getFilesList()) {
            byte[] bytes = Files.readAllBytes(target.resolve(file.getName()));
            assertThat(bytes).hasSize((int) file.getBytes());
            assertThat(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .isEqualTo(file.getSha256().toByteArray());
        }
        try (StateMachine copy = StateMachine.open(RocksStore.open(target), Limits.DEFAULT)) {
            assertThat(copy.progress().commitTs().value()).isEqualTo(last);
            assertThat(copy.chainHash()).isEqualTo(manifest.getChainHash().toByteArray());
            assertThat(copy.digest()).isEqualTo(manifest.getDigest().toByteArray());
            assertThat(copy.progress().wallMillis()).isEqualTo(manifest.getWallTimeMs());
        }
        awaitNoCopies();
    }

    @Test
    void oneAtATimeAndWhoLeavesMakesRoom() {
        Reader first = Reader.on(channel);
        first.awaitBegin();

        refused(
                Status.Code.RESOURCE_EXHAUSTED,
                ErrorCode.OVERLOADED,
                () -> stub().backup(request()).next());
        assertThat(copies()).hasSize(1);
        first.leave();

        awaitNoCopies();
        await().ignoreExceptions().until(() -> fetch().getFilesCount() > 0);
    }

    @Test
    void aReaderThatTakesNothingIsToldSoAndItsCopyIsFreed() {
        Reader slow = Reader.on(channel);
        slow.awaitBegin();
        long commit = commit(put("meanwhile", "1")).getCommitTs();

        awaitNoCopies();
        assertThat(commit).isPositive();
        slow.takeTheRest();
        assertThat(slow.failure.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join())
                .hasMessageContaining("watchStallMax");
    }

    @Test
    void aNodeInMemorySaysThatItHasNoFiles() {
        try (TestNode memory = TestNode.start()) {
            ManagedChannel other = ManagedChannelBuilder.forTarget(memory.address())
                    .usePlaintext()
                    .build();
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    ErrorCode.INVALID_REQUEST,
                    () -> AdminServiceGrpc.newBlockingStub(other)
                            .backup(request())
                            .next());
            other.shutdownNow();
        }
    }

    @Test
    void theDirectoryOfARunningNodeIsNotRebuilt() {
        var err = new ByteArrayOutputStream();
        var main = new NodeMain(System.out, new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(main.run(new String[] {"rebuild", "--data-dir", data.toString()}, Map.of()))
                .isEqualTo(ExitCode.ALREADY_RUNNING);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("stop that one first");
    }

    private AdminServiceGrpc.AdminServiceBlockingStub stub() {
        return AdminServiceGrpc.newBlockingStub(channel);
    }

    private static BackupRequest request() {
        return BackupRequest.getDefaultInstance();
    }

    private BackupManifest fetch() throws IOException {
        Iterator<BackupChunk> chunks = stub().backup(request());
        assertThat(chunks.next().getBegin().getBytes()).isPositive();
        while (true) {
            BackupChunk chunk = chunks.next();
            if (chunk.hasEnd()) {
                assertThat(chunks.hasNext()).isFalse();
                return chunk.getEnd();
            }
            Files.write(
                    target.resolve(chunk.getPiece().getFile()),
                    chunk.getPiece().getData().toByteArray(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    private static List<Path> copies() {
        try (var files = Files.list(data.resolve("state"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitNoCopies() {
        await().until(() -> copies().isEmpty());
    }

    /** Takes the first message and then nothing. */
    private static final class Reader implements ClientResponseObserver<BackupRequest, BackupChunk> {
        private final CompletableFuture<BackupChunk> begin = new CompletableFuture<>();
        private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        private @Nullable ClientCallStreamObserver<BackupRequest> call;

        static Reader on(ManagedChannel channel) {
            Reader reader = new Reader();
            AdminServiceGrpc.newStub(channel).backup(request(), reader);
            return reader;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<BackupRequest> starting) {
            call = starting;
            starting.disableAutoRequestWithInitial(1);
        }

        void awaitBegin() {
            assertThat(begin.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join().hasBegin())
                    .isTrue();
        }

        void takeTheRest() {
            Objects.requireNonNull(call).request(Integer.MAX_VALUE);
        }

        void leave() {
            Objects.requireNonNull(call).cancel("enough", null);
        }

        @Override
        public void onNext(BackupChunk chunk) {
            begin.complete(chunk);
        }

        @Override
        public void onError(Throwable thrown) {
            begin.completeExceptionally(thrown);
            failure.complete(thrown);
        }

        @Override
        public void onCompleted() {
            failure.complete(new AssertionError("completed"));
        }
    }
}
