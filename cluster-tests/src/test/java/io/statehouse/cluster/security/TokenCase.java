package io.statehouse.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.Access;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.TokenGrant;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.SingleNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens from the first one on, on a process, by the programs that operators use. */
class TokenCase {
    private static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";

    @TempDir
    private static Path directory;

    private static SingleNode node;
    private static String root;

    @BeforeAll
    static void start() throws Exception {
        node = SingleNode.in(
                        directory.resolve("node"),
                        Map.of("STATEHOUSE_AUTH", "true", "STATEHOUSE_AUTH_BOOTSTRAP", BOOTSTRAP))
                .found();
        root = ctl(BOOTSTRAP, "token", "create", "root", "--grant", "admin:*").strip();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    /** What statehousectl prints for whoever shows a token. */
    private static String ctl(String token, String... words) throws IOException, InterruptedException {
        var builder = Distribution.assemble().command("statehousectl", words);
        builder.environment().putAll(Map.of("STATEHOUSE_ADDRESS", node.node().api(), "STATEHOUSE_TOKEN", token));
        Path out = Files.createTempFile(directory, "ctl", ".out");
        int status = builder.redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Arrays.toString(words)).isZero();
        return Files.readString(out);
    }

    private static StatehouseClient client(String token) {
        return StatehouseClient.connect(ClientOptions.of(node.node().api()).access(Access.OPEN.token(token)));
    }

    @Test
    void tokensAreMadeListedAndRevokedByStatehousectl() throws Exception {
        String token = ctl(root, "token", "create", "ci", "--grant", "writer:builds", "--grant", "reader:default")
                .strip();
        try (var client = client(token)) {
            client.inNamespace("builds").put("ci", "build", Json.of(1));
            assertThatExceptionOfType(StatehouseException.Refused.class)
                    .isThrownBy(() -> client.inNamespace("default").put("ci", "build", Json.of(1)))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(RefusalCode.PERMISSION_DENIED));
        }

        assertThat(ctl(root, "token", "list"))
                .contains("ci", "writer:builds reader:default")
                .doesNotContain(token);
        ctl(root, "token", "revoke", "ci");

        try (var client = client(token)) {
            assertThatExceptionOfType(StatehouseException.Refused.class)
                    .isThrownBy(() -> client.inNamespace("builds").put("ci", "build", Json.of(2)))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(RefusalCode.UNAUTHENTICATED));
        }
    }

    @Test
    void tokensOutliveAKillAndAreNowhereOnTheDiskOrInTheLog() throws Exception {
        String token;
        try (var client = client(root)) {
            token = client.access().createToken("kept", List.of(new TokenGrant("writer", "default")));
        }
        try (var client = client(token)) {
            client.put("ada", "k", Json.of(1));
        }
        node.node().kill();

        String secret = token.substring(token.lastIndexOf('.') + 1);
        try (Stream<Path> files = Files.walk(directory.resolve("node"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secret, BOOTSTRAP);
            }
        }
        node.restart().awaitReady();

        try (var client = client(token)) {
            client.put("ada", "k", Json.of(2));
        }
    }

    @Test
    void adminAndDeniedCallsLeaveALineWithoutValuesOrTokens() throws Exception {
        String token;
        try (var client = client(root)) {
            token = client.access().createToken("audited", List.of(new TokenGrant("reader", "default")));
        }
        for (String shown : List.of(token, "sh1.audited.a-wrong-secret")) {
            try (var client = client(shown)) {
                assertThatExceptionOfType(StatehouseException.Refused.class)
                        .isThrownBy(() -> client.put("ada", "k", Json.of("a-value-nobody-may-log")));
            }
        }

        assertThat(Files.readString(node.node().log()))
                .contains("admitted who=root rpc=statehouse.v1.AccessService/CreateToken")
                .containsPattern(
                        "denied who=audited rpc=statehouse.v1.\\S+ peer=\\S+ missing=\"WRITER in any namespace\"")
                .containsPattern("denied who=nobody rpc=statehouse.v1.\\S+ peer=\\S+ missing=\"no known token\"")
                .doesNotContain("nobody-may-log", "a-wrong-secret", token.substring(token.lastIndexOf('.') + 1));
    }
}
