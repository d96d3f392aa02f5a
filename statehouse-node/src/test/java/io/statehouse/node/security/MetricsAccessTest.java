package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.node.TestNode;
import io.statehouse.node.config.Setting;
import io.statehouse.proto.v1.AccessRole;
import io.statehouse.proto.v1.NamespaceQuota;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.SetQuotaRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may read the metrics of a node that asks for tokens. */
class MetricsAccessTest {
    private static HttpResponse<String> get(TestNode node, String path, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void metricsAskForTheTokenOfAnyReader() throws Exception {
        try (var secured = new SecuredNode()) {
            String root = secured.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, "*");
            String prometheus = secured.token(root, "prometheus", AccessRole.ACCESS_ROLE_READER, "monitoring");

            assertThat(get(secured.node(), "/metrics", prometheus).statusCode()).isEqualTo(200);
            assertThat(get(secured.node(), "/metrics", prometheus).body()).contains("statehouse_commit_ts");
            for (String wrong : new String[] {"", "sh1.prometheus.guessed", SecuredNode.BOOTSTRAP}) {
                var refused = get(secured.node(), "/metrics", wrong);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
                assertThat(refused.body()).doesNotContain("statehouse_commit_ts");
            }
        }
    }

    @Test
    void namesOfNamespacesAreForThoseWhoMayReadAllOfThem() throws Exception {
        try (var secured = new SecuredNode()) {
            String root = secured.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, "*");
            String all = secured.token(root, "all", AccessRole.ACCESS_ROLE_READER, "*");
            String one = secured.token(root, "one", AccessRole.ACCESS_ROLE_READER, "monitoring");
            var unused = QuotaServiceGrpc.newBlockingStub(secured.as(root))
                    .setQuota(SetQuotaRequest.newBuilder()
                            .setNamespace("tenant-a")
                            .setQuota(NamespaceQuota.newBuilder().setBytesMax(1_000))
                            .setTxnId("bound tenant-a")
                            .build());

            assertThat(get(secured.node(), "/metrics", all).body())
                    .contains("statehouse_namespace_quota_bytes{namespace=\"tenant-a\"} 1000.0");
            var seen = get(secured.node(), "/metrics", one);
            assertThat(seen.statusCode()).isEqualTo(200);
            assertThat(seen.body())
                    .contains("statehouse_commit_ts")
                    .doesNotContain("tenant-a", "statehouse_namespace_");
        }
    }

    @Test
    void probesAskForNothing() throws Exception {
        try (var secured = new SecuredNode()) {
            assertThat(get(secured.node(), "/healthz", "").statusCode()).isEqualTo(200);
            assertThat(get(secured.node(), "/readyz", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metricsAreOpenWhereTheSettingSaysSo() throws Exception {
        try (var node = TestNode.start(Map.of(
                Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, SecuredNode.BOOTSTRAP, Setting.METRICS_OPEN, "true"))) {
            assertThat(get(node, "/metrics", "").statusCode()).isEqualTo(200);
            assertThat(get(node, "/metrics", "").body()).doesNotContain("statehouse_quota_namespaces");
            // A token that is shown must be one.
            assertThat(get(node, "/metrics", "sh1.prometheus.guessed").statusCode())
                    .isEqualTo(401);
        }
    }
}
