package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.raft.ReplicatedLog;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a probe, an operator and a dashboard see of a node. */
class ProbesTest {
    private static int status(TestNode node, String path) {
        return HttpProbe.send(node.httpPort(), "GET", path).statusCode();
    }

    private static ServingStatus health(TestNode node, String service) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(node.address()).usePlaintext().build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aNodeThatServesSaysSoEverywhere() {
        try (TestNode node = TestNode.start()) {
            assertThat(status(node, "/healthz")).isEqualTo(200);
            assertThat(status(node, "/readyz")).isEqualTo(200);
            assertThat(status(node, "/health")).isEqualTo(200);
            assertThat(status(node, "/")).isEqualTo(405);
            assertThat(HttpProbe.send(node.httpPort(), "POST", "/metrics").statusCode())
                    .isEqualTo(405);
            assertThat(health(node, "")).isEqualTo(ServingStatus.SERVING);
            assertThat(health(node, "statehouse.v1.StatehouseService")).isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void aNodeWithoutALeaderLivesAndIsNotReady() {
        try (TestNode node = TestNode.start(overLog(new FakeLog.WithoutLeader()));
                V1Client client = new V1Client(node.address(), "")) {
            assertThat(status(node, "/healthz")).isEqualTo(200);
            assertThat(HttpProbe.send(node.httpPort(), "GET", "/readyz")).satisfies(answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("no leader");
            });
            assertThat(health(node, "")).isEqualTo(ServingStatus.NOT_SERVING);
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> client.stub().health(HealthRequest.getDefaultInstance()))
                    .satisfies(failure -> {
                        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(ErrorCode.NOT_READY);
                        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsKey("retry_after_ms");
                    });
        }
    }

    private static StatehouseNode overLog(ReplicatedLog log) {
        return new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read());
    }

    @Test
    void callsWithoutALeaderAreDefinitelyNotApplied() {
        try (TestNode node = TestNode.start(overLog(new FakeLog.WithoutLeader()));
                V1Client client = new V1Client(node.address(), "")) {
            String txnId = client.begin();
            client.write(txnId, "ada", "k", number(1));

            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> client.commit(txnId))
                    .satisfies(failure -> {
                        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(ErrorCode.NOT_READY);
                    });
            // The transaction waits for the leader: the client may commit again.
            client.write(txnId, "ada", "k", number(2));
        }
    }

    @Test
    void metricsCarryTheNamesThatDashboardsKnow() {
        try (TestNode node = TestNode.start();
                V1Client client = new V1Client(node.address(), "secret-namespace")) {
            client.put("secret-agent", "secret-key", number(1));
            client.remove("secret-agent", "secret-key");
            client.abort(client.begin());
            int port = node.httpPort();

            await().untilAsserted(() -> {
                assertThat(HttpProbe.metric(port, "statehouse_transactions_total{status=\"committed\"}"))
                        .isEqualTo(2);
                assertThat(HttpProbe.metric(port, "statehouse_transactions_total{status=\"aborted\"}"))
                        .isEqualTo(1);
            });
            assertThat(HttpProbe.metric(port, "statehouse_operations_total{type=\"write\"}"))
                    .isEqualTo(1);
            assertThat(HttpProbe.metric(port, "statehouse_operations_total{type=\"delete\"}"))
                    .isEqualTo(1);
            assertThat(HttpProbe.metric(port, "statehouse_storage_bytes_written_total"))
                    .isPositive();
            assertThat(HttpProbe.metric(port, "statehouse_rpc_duration_seconds_count{rpc=\"Commit\"}"))
                    .isEqualTo(2);
            assertThat(HttpProbe.metric(port, "statehouse_commit_ts")).isEqualTo(2);
            assertThat(HttpProbe.metric(port, "statehouse_raft_term")).isEqualTo(1);
            assertThat(HttpProbe.metric(port, "statehouse_staged_transactions")).isZero();
            assertThat(HttpProbe.metric(port, "jvm_threads_live_threads")).isPositive();
            assertThat(HttpProbe.send(port, "GET", "/metrics").body()).doesNotContain("secret");
        }
    }

    @Test
    void stagedMemoryIsFreedByTheNodeItself() {
        try (TestNode node = TestNode.start(Map.of(Setting.TX_TIMEOUT_MS, "3000"));
                V1Client client = new V1Client(node.address(), "")) {
            client.write(client.begin(), "ada", "k", number(1));

            await().untilAsserted(() -> {
                assertThat(HttpProbe.metric(node.httpPort(), "statehouse_staged_transactions"))
                        .isZero();
                assertThat(HttpProbe.metric(node.httpPort(), "statehouse_staged_bytes"))
                        .isZero();
            });
        }
    }

    @Test
    void moreStagedTransactionsThanAllowedAreRefusedByName() {
        try (TestNode node = TestNode.start(Map.of(Setting.STAGED_TRANSACTIONS_MAX, "2"));
                V1Client client = new V1Client(node.address(), "")) {
            String first = client.begin();
            client.begin();

            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(client::begin)
                    .satisfies(failure -> {
                        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(failure).hasMessageContaining("stagedTransactionsMax");
                    });
            client.abort(first);
            client.begin();
        }
    }

    @Test
    void reflectionIsOffUnlessAskedFor() throws Exception {
        try (TestNode closed = TestNode.start();
                TestNode open = TestNode.start(Map.of(Setting.GRPC_REFLECTION, "true"))) {
            assertThat(services(open)).isGreaterThan(1);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> services(closed))
                    .withStackTraceContaining("UNIMPLEMENTED");
        }
    }

    private static int services(TestNode node) throws Exception {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(node.address()).usePlaintext().build();
        CompletableFuture<Integer> count = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<ServerReflectionResponse>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        count.complete(response.getListServicesResponse().getServiceCount());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        count.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        try {
            return count.get(10, TimeUnit.SECONDS);
        } finally {
            channel.shutdownNow();
        }
    }
}
