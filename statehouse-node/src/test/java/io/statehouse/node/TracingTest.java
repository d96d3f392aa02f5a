package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.statehouse.node.config.Setting;
import io.statehouse.node.contract.V1Client;
import io.statehouse.node.service.Trace;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is known by one id from its caller to the lines of the log, and to a collector where there is one. */
class TracingTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";
    private static final Metadata.Key<String> TRACE =
            Metadata.Key.of("statehouse-trace", Metadata.ASCII_STRING_MARSHALLER);

    private static Metadata traced() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), "00-" + ID + "-" + SPAN + "-01");
        return headers;
    }

    @Test
    void aTraceIsReadAndWrittenAsItIs() {
        var trace = Objects.requireNonNull(Trace.parse("00-" + ID + "-" + SPAN + "-01"));

        assertThat(trace.id()).isEqualTo(ID).hasToString(trace.toString());
        assertThat(trace.spanId()).isEqualTo(SPAN);
        assertThat(trace.traceparent()).isEqualTo("00-" + ID + "-" + SPAN + "-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"
            })
    void whatIsNoTraceIsNoTrace(String header) {
        assertThat(Trace.parse(header)).isNull();
    }

    @Test
    void aDeniedCallIsLoggedAndAnsweredWithItsTrace() {
        var log = new ByteArrayOutputStream();
        var out = System.out;
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (var node = TestNode.start(Map.of(Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, BOOTSTRAP));
                var client = new V1Client(node.address(), "")) {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> client.stub()
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(traced()))
                            .listNamespaces(ListNamespacesRequest.getDefaultInstance()))
                    .satisfies(failure -> assertThat(failure.getTrailers())
                            .extracting(trailers -> trailers.get(TRACE))
                            .isEqualTo(ID));
            assertThat(log.toString(StandardCharsets.UTF_8).lines())
                    .anyMatch(line -> line.contains(" denied who=nobody ") && line.endsWith(" trace=" + ID));
        } finally {
            System.setOut(out);
        }
    }

    @Test
    void aCallWithoutATraceGetsOneThatNoOtherHas() {
        try (var node = TestNode.start();
                var client = new V1Client(node.address(), "")) {
            assertThat(List.of(refused(client), refused(client), refused(client)))
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.matches("[0-9a-f]{32}"));
        }
    }

    private static String refused(V1Client client) {
        try {
            client.stub().commit(CommitRequest.newBuilder().setTxnId("gone@n1").build());
            throw new AssertionError("not refused");
        } catch (StatusRuntimeException e) {
            return String.valueOf(
                    e.getTrailers() == null ? null : e.getTrailers().get(TRACE));
        }
    }

    @Test
    void spansGoToTheCollectorWithTheCallersTrace() throws Exception {
        var received = new ConcurrentLinkedQueue<byte[]>();
        var collector = collector(received);
        try (var node = TestNode.start(Map.of(
                        Setting.OTEL_ENDPOINT,
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces"));
                var client = new V1Client(node.address(), "")) {
            client.stub()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(traced()))
                    .listNamespaces(ListNamespacesRequest.getDefaultInstance());
            client.put("ada", "secret-key", number(1));

            await().atMost(SOON).untilAsserted(() -> {
                String all = all(received);
                assertThat(all)
                        .contains(HexFormat.of()
                                .formatHex("statehouse.v1.StatehouseService/ListNamespaces"
                                        .getBytes(StandardCharsets.UTF_8)));
                // In a span the trace's id is followed by the parent's, as bytes.
                assertThat(all).contains(ID).contains(SPAN);
                assertThat(all)
                        .contains(HexFormat.of()
                                .formatHex("statehouse.v1.StatehouseService/Commit".getBytes(StandardCharsets.UTF_8)));
            });
            assertThat(all(received))
                    .doesNotContain(HexFormat.of().formatHex("secret-key".getBytes(StandardCharsets.UTF_8)));
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void aCommitThroughAFollowerIsOneTraceOnBothNodes(@TempDir Path directory) throws Exception {
        var received = new ConcurrentLinkedQueue<byte[]>();
        var collector = collector(received);
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
        try (var cluster = TestCluster.start(directory, Map.of(Setting.OTEL_ENDPOINT, endpoint));
                var client = new V1Client(cluster.followers().getFirst().address(), "")) {
            var commit = CommitRequest.newBuilder()
                    .setTxnId(UUID.randomUUID().toString())
                    .setTransaction(Transaction.newBuilder()
                            .addOperations(TransactionOperation.newBuilder()
                                    .setAgentId("ada")
                                    .setKey("k")
                                    .setJson(ByteString.copyFromUtf8("1"))))
                    .build();
            // Leadership may move at any time.
            await().atMost(SOON)
                    .ignoreException(StatusRuntimeException.class)
                    .until(() -> client.stub()
                                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(traced()))
                                    .commit(commit)
                                    .getCommitTs()
                            > 0);

            await().atMost(SOON).until(() -> nodesThatSent(ID, received).size() > 1);
        } finally {
            collector.stop(0);
        }
    }

    /** The ids of the nodes whose spans belong to a trace: each body is one node's, and says whose. */
    private static Set<String> nodesThatSent(String trace, Iterable<byte[]> bodies) {
        String instance = HexFormat.of().formatHex("service.instance.id".getBytes(StandardCharsets.UTF_8));
        Set<String> nodes = new TreeSet<>();
        for (byte[] body : bodies) {
            String hex = HexFormat.of().formatHex(body);
            int at = hex.indexOf(instance);
            if (at >= 0 && hex.contains(trace)) {
                // Two tags and two lengths, and then the two letters of an id like n1.
                int id = at + instance.length() + 8;
                nodes.add(hex.substring(id, id + 4));
            }
        }
        return nodes;
    }

    private static String all(Iterable<byte[]> bodies) {
        var all = new StringBuilder();
        bodies.forEach(body -> all.append(HexFormat.of().formatHex(body)));
        return all.toString();
    }

    @Test
    void aCollectorThatIsGoneIsNoMatterToCalls() {
        try (var node = TestNode.start(Map.of(Setting.OTEL_ENDPOINT, "http://127.0.0.1:1/v1/traces"));
                var client = new V1Client(node.address(), "")) {
            assertThat(client.put("ada", "k", number(1))).isEqualTo(1);
        }
    }

    private static HttpServer collector(ConcurrentLinkedQueue<byte[]> received) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            received.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
