package io.statehouse.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.proto.v1.AccessRole;
import io.statehouse.statemachine.Grant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JsonRpcTokenTest {
    private static final String CREATE = body("create_user", "{\"username\":\"ada\"}");
    private static final String LIST = body("list_sessions", "{}");

    private static SecuredNode node;
    private static String root;

    @BeforeAll
    static void start() {
        node = new SecuredNode();
        root = node.token(SecuredNode.BOOTSTRAP, "root", AccessRole.ACCESS_ROLE_ADMIN, Grant.EVERYWHERE);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static String body(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    @Test
    void withoutATokenThatIsKnownNothingIsLookedAt() throws Exception {
        for (String token : new String[] {"", "sh1.root.secret"}) {
            assertThat(post(token, "own", LIST).statusCode()).isEqualTo(401);
            assertThat(post(token, "own", "{").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoHasNoTokenHearsItBeforeTheBodyCame() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.httpPort())) {
            String head =
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 401".length());

            assertThat(new String(start, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void aReaderReadsAndDoesNotWrite() throws Exception {
        String reader = node.token(root, "reader", AccessRole.ACCESS_ROLE_READER, "own");

        assertThat(post(reader, "own", LIST).body()).contains("\"result\":[]");
        assertThat(post(reader, "own", CREATE).body()).contains("-32603", "does not grant writer");
    }

    @Test
    void aWriterWritesInItsNamespaceOnly() throws Exception {
        String writer = node.token(root, "writer", AccessRole.ACCESS_ROLE_WRITER, "own");

        assertThat(post(writer, "own", CREATE).body()).contains("\"username\":\"ada\"");
        assertThat(post(writer, "foreign", CREATE).body()).contains("-32603", "does not grant writer in foreign");
        assertThat(post(writer, "foreign", LIST).body()).contains("-32603", "does not grant reader in foreign");
    }

    private static HttpResponse<String> post(String token, String namespace, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/"))
                .header("Content-Type", "application/json")
                .header("Statehouse-Namespace", namespace)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
