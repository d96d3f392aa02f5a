package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.node.TestNode;
import io.statehouse.node.config.Setting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is answered to bodies, headers and methods that are none of the contract's. */
class JsonRpcTransportTest {
    private static final String GET_NOBODY =
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"find_by_idempotency_key\",\"params\":{\"key\":\"k\"}}";

    private static TestNode node;
    private static Rpc rpc;

    @BeforeAll
    static void start() {
        node = TestNode.start(
                Map.of(Setting.HTTP_ORIGINS, "https://good.example, null", Setting.HTTP_HOSTS, "node.example"));
        rpc = new Rpc(node.httpPort());
    }

    @AfterAll
    static void stop() {
        rpc.close();
        node.close();
    }

    @Test
    void whatIsNotJsonIsAParseErrorWithStatus400() {
        for (String body : new String[] {"", " ", "{", "{\"a\":1", "nonsense", "{\"a\":1,\"a\":2}", "[1,]", "{} {}"}) {
            var answer = rpc.post(body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(answer.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
            assertThat(answer.body()).contains("-32700").contains("\"id\":null");
        }
    }

    @Test
    void deepNestingIsAParseErrorAndHarmsNobody() {
        assertThat(rpc.post("[".repeat(100_000)).body()).contains("-32700");
        assertThat(rpc.post("{\"a\":".repeat(100_000)).body()).contains("-32700");
        assertThat(rpc.post(GET_NOBODY).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatIsNoneIsInvalid() {
        for (String body : new String[] {
            "1",
            "\"x\"",
            "null",
            "{}",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"get_user\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"get_user\"}",
            "[]"
        }) {
            var answer = rpc.post(body);
            assertThat(answer.statusCode()).as(body).isEqualTo(200);
            assertThat(answer.body()).as(body).contains("-32600");
        }
    }

    @Test
    void anUnknownMethodIsNotFound() {
        assertThat(rpc.error("drop_everything", "{}")).isEqualTo("-32601 Method not found");
    }

    @Test
    void idsComeBackAsTheyWere() {
        for (String id : new String[] {"1", "\"a\"", "null", "1.50", "123456789012345678901234567890", "\"\\u00e9\""}) {
            String body =
                    rpc.post(GET_NOBODY.replace("\"id\":7", "\"id\":" + id)).body();
            assertThat(body).contains("\"id\":" + id.replace("\\u00e9", "\u00e9"));
        }
    }

    @Test
    void notificationsAreDoneAndNotAnswered() {
        String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"create_user\",\"params\":{\"username\":\"quiet\"}}";

        var answer = rpc.post(notification);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(rpc.post("[" + notification + "]").statusCode()).isEqualTo(204);
        assertThat(Rpc.text(
                        rpc.call("create_user", "{\"username\":\"quiet\",\"display_name\":\"late\"}"), "display_name"))
                .isNotEqualTo("late");
    }

    @Test
    void aBatchIsAnsweredInOrderWithoutTheNotifications() {
        String body = rpc.post("[" + GET_NOBODY + ",1," + GET_NOBODY.replace("\"id\":7,", "") + ","
                        + GET_NOBODY.replace("7", "8") + "]")
                .body();

        assertThat(body).startsWith("[{").contains("\"id\":7", "-32600", "\"id\":8");
        assertThat(Rpc.items(Rpc.parse(body))).hasSize(3);
        String tooMany = IntStream.range(0, 101).mapToObj(i -> GET_NOBODY).collect(Collectors.joining(",", "[", "]"));
        assertThat(rpc.post(tooMany).body()).contains("-32600", "1 to 100");
    }

    @Test
    void whatABatchIsAnsweredIsBoundedAndTheRestIsNotRun() {
        String user = Rpc.text(rpc.call("create_user", "{\"username\":\"hoarder\"}"), "id");
        String memory = Rpc.text(
                rpc.call(
                        "create_memory",
                        "{\"user_id\":\"" + user + "\",\"content\":\"" + "x".repeat(1_000_000) + "\"}"),
                "id");
        String get = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get_memory\",\"params\":{\"id\":\"" + memory + "\"}}";
        String create = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"create_user\",\"params\":{\"username\":\"late\"}}";

        String body = rpc.post(IntStream.range(0, 20).mapToObj(i -> get).collect(Collectors.joining(",", "[", ","))
                        + create + "]")
                .body();

        assertThat(body.length()).isBetween(8 << 20, 10 << 20);
        assertThat(Rpc.items(Rpc.parse(body))).hasSize(21);
        assertThat(body).contains("answersCharsMax").doesNotContain("late");
    }

    @Test
    void onlyJsonByPostIsTaken() {
        assertThat(send("POST", "Content-Type: text/plain", GET_NOBODY)).startsWith("HTTP/1.1 415");
        assertThat(send("POST", "X-A: b", GET_NOBODY)).startsWith("HTTP/1.1 415");
        assertThat(send("POST", "Content-Type: application/json; charset=UTF-8", GET_NOBODY))
                .startsWith("HTTP/1.1 200");
        for (String method : new String[] {"GET", "PUT", "DELETE", "PATCH"}) {
            assertThat(send(method, "Content-Type: application/json", ""))
                    .startsWith("HTTP/1.1 405")
                    .contains("Allow: POST, OPTIONS");
        }
    }

    @Test
    void anOversizedBodyIsRefusedWithOrWithoutALength() {
        String large = " ".repeat(10 << 20) + GET_NOBODY;
        // Nothing of it is sent: whoever is refused while it still sends may hear nothing of it.
        assertThat(exchange("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + large.length() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        var chunked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + "/"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertThat(rpc.send(chunked).statusCode()).isEqualTo(413);
        assertThat(rpc.post(" ".repeat((10 << 20) - GET_NOBODY.length()) + GET_NOBODY)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aHostileHostIsRefused() {
        for (String host :
                new String[] {"evil.example", "evil.example:3030", "127.0.0.1.evil.example", "localhost.evil", "a@b"}) {
            assertThat(raw("POST / HTTP/1.1\r\nHost: " + host, "Content-Type: application/json", GET_NOBODY))
                    .as(host)
                    .matches(answer -> answer.startsWith("HTTP/1.1 403") || answer.startsWith("HTTP/1.1 400"));
        }
        for (String host :
                new String[] {"localhost", "127.0.0.1:3030", "[::1]:3030", "node.example:80", "NODE.example"}) {
            assertThat(raw("POST / HTTP/1.1\r\nHost: " + host, "Content-Type: application/json", GET_NOBODY))
                    .as(host)
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aPageOfAnotherOriginIsRefusedUnlessAllowed() {
        String json = "Content-Type: application/json\r\nOrigin: ";
        for (String origin :
                new String[] {"https://evil.example", "http://good.example", "https://good.example.evil", "file://"}) {
            assertThat(send("POST", json + origin, GET_NOBODY)).as(origin).startsWith("HTTP/1.1 403");
            assertThat(send("OPTIONS", "Origin: " + origin, "")).startsWith("HTTP/1.1 403");
        }
        for (String origin : new String[] {"https://good.example", "null"}) {
            assertThat(send("POST", json + origin, GET_NOBODY))
                    .startsWith("HTTP/1.1 200")
                    .contains("Access-Control-Allow-Origin: " + origin);
            assertThat(send("OPTIONS", "Origin: " + origin + "\r\nAccess-Control-Request-Method: POST", ""))
                    .startsWith("HTTP/1.1 204")
                    .containsIgnoringCase("access-control-allow-methods: POST")
                    .containsIgnoringCase("access-control-allow-headers: content-type");
        }
    }

    @Test
    void withoutTheSettingNoPageMayCall() {
        try (TestNode closed = TestNode.start()) {
            assertThat(raw(
                            closed.httpPort(),
                            "POST / HTTP/1.1\r\nHost: localhost",
                            "Content-Type: application/json\r\nOrigin: null",
                            GET_NOBODY))
                    .startsWith("HTTP/1.1 403");
        }
    }

    private static String send(String method, String headers, String body) {
        return raw(method + " /any/path HTTP/1.1\r\nHost: localhost", headers, body);
    }

    private static String raw(String start, String headers, String body) {
        return raw(node.httpPort(), start, headers, body);
    }

    private static String raw(int port, String start, String headers, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return exchange(
                port,
                start + "\r\n" + headers + "\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    private static String exchange(String request) {
        return exchange(node.httpPort(), request);
    }

    private static String exchange(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream input = socket.getInputStream();
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "closed: " + e;
        }
    }
}
