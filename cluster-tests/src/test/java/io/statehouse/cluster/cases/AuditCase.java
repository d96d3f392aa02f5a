package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.Access;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.TokenGrant;
import io.statehouse.cluster.SingleNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was administered is still written down after a kill, and cannot be changed unseen. */
class AuditCase {
    private static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";
    private static final int TOKENS = 10;
    private static final int AUDIT_DAMAGED = 70;

    /** {@code printf 'default\nada\nplan' | sha256sum}. */
    private static final String SHA256_OF_KEY = "45928c123ca3878976f40645740c37486484c7b56fe20edf5c53667cbd5af220";

    @TempDir
    private Path directory;

    @Test
    void adminCallsOutliveAKillAndAByteThatIsChangedIsNamed() throws Exception {
        var settings = Map.of("STATEHOUSE_AUTH", "true", "STATEHOUSE_AUTH_BOOTSTRAP", BOOTSTRAP);
        try (var node = SingleNode.in(directory.resolve("node"), settings).found()) {
            var caller = ClientOptions.of(node.node().api()).access(Access.OPEN.token(BOOTSTRAP));
            try (var client = StatehouseClient.connect(caller)) {
                whatTheManualSaysOfTokens(node, client);
                for (int token = 0; token < TOKENS; token++) {
                    client.access().createToken("token" + token, List.of(new TokenGrant("reader", "default")));
                }
                denied(node, client.access().createToken("guest", List.of(new TokenGrant("writer", "elsewhere"))));
            }
            node.node().kill();
            Path audit = node.node().dataDirectory().resolve("audit");
            var runbook = Runbook.in(directory)
                    .with("DATA", directory.relativize(node.node().dataDirectory()));

            var unused = runbook.shows("Audit", 1);
            unused = runbook.shows("Audit", 2);
            Path file = only(audit, "admitted-");
            List<String> lines = Files.readAllLines(file);
            lines.set(2, lines.get(2).replace("bootstrap", "bootstrab"));
            Files.write(file, lines);
            var changed = runbook.shows("Audit", 3);

            assertThat(lines.stream().filter(line -> line.contains("AccessService/CreateToken txn=")))
                    .hasSizeGreaterThanOrEqualTo(TOKENS);
            assertThat(Files.readString(only(audit, "denied-")))
                    .contains(" denied who=guest ", " txn=", " key_sha256=" + SHA256_OF_KEY)
                    .doesNotContain("plan");
            assertThat(changed.status()).as(changed.output()).isEqualTo(AUDIT_DAMAGED);
            assertThat(changed.output()).contains(file.getFileName() + " line 3 ");
        }
    }

    private void whatTheManualSaysOfTokens(SingleNode node, StatehouseClient client) throws Exception {
        var runbook = Runbook.in(directory)
                .with("STATEHOUSE_ADDRESS", node.node().api())
                .with("STATEHOUSE_TOKEN", BOOTSTRAP)
                .with("HTTP", "127.0.0.1:" + node.node().httpPort());
        client.access().createToken("ci", List.of(new TokenGrant("writer", "builds")));
        var unused = runbook.shows("Metrics and alerts", 2);
        unused = runbook.shows("Restore into a new cluster", 2);
    }

    private static void denied(SingleNode node, String token) {
        var caller = ClientOptions.of(node.node().api()).access(Access.OPEN.token(token));
        try (var client = StatehouseClient.connect(caller)) {
            assertThatExceptionOfType(StatehouseException.Refused.class)
                    .isThrownBy(() -> client.put("ada", "plan", Json.of("a-value-nobody-may-log")));
        }
    }

    private static Path only(Path parent, String prefix) throws Exception {
        try (var files = Files.list(parent)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
