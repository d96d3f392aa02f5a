package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.client.Json;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostileDataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "get a k",
                "get a k --json",
                "get a k --pretty",
                "scan a",
                "scan a --json",
                "keys a",
                "keys a --json",
                "replay a",
                "replay a --verbose",
                "replay a --json --verbose",
                "tail a",
                "dump a",
                "dump a --format text",
                "inspect a",
                "inspect a --json",
                "agents",
                "agents --json",
                "namespaces",
                "put a k bad\u001b[2J"
            })
    void storedTextNeverSteersTheTerminal(String command) {
        String evil = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\r\n";
        String json = "{\"" + "k\u009b\u202e" + "\":\"x\\u001b[31m\u007f\u009b\u2028y\"}";
        var store = new ScriptedStore();
        try (var server = ScriptedNode.over(store).start()) {
            var shell = Shell.on(server);
            shell.run("put", "a", "k", json, "--actor", evil, "--label", evil + "=" + evil);
            shell.run("put", "a", evil, json);
            shell.run("put", "a" + evil, evil, json);
            shell.run("put", "a", evil, json, "--namespace", evil);

            var run = shell.run(command.split(" "));

            assertThat(run.screen()).isNotEmpty();
            assertThat(run.screen().chars().filter(c -> c != '\n' && c < 0x10000 && Printable.isUnsafe((char) c)))
                    .isEmpty();
            if (command.contains("--json")) {
                assertThat(run.out().lines())
                        .allSatisfy(line -> Json.parse(line).toMap());
            }
        }
    }

    @Test
    void anErrorTextFromTheServerNeverSteersTheTerminal() {
        try (var server = new ScriptedServer()
                .answer(StatehouseServiceGrpc.getGetStateMethod(), request -> {
                    throw ScriptedStore.error(
                            Status.Code.INVALID_ARGUMENT, ErrorCode.INVALID_REQUEST, "\u001b[2J\nno\u202e", Map.of());
                })
                .start()) {
            var run = Shell.on(server).run("get", "a", "k");

            assertThat(run.err().lines()).singleElement().asString().contains("\\u001b[2J\\u000ano\\u202e");
        }
    }

    @Test
    void aHugeAndDeepValueIsShownWhole() {
        String deep = "[".repeat(90_000) + "]".repeat(90_000);
        String json = "{\"deep\":" + deep + ",\"wide\":\"" + "x".repeat(1 << 20) + "\"}";
        try (var server = new ScriptedServer()
                .answer(
                        StatehouseServiceGrpc.getGetStateMethod(),
                        request -> GetStateResponse.newBuilder()
                                .setExists(true)
                                .setVersion(1)
                                .setJson(ByteString.copyFromUtf8(json))
                                .build())
                .start()) {
            assertThat(Shell.on(server).run("get", "a", "k").out()).endsWith("Value: " + json + "\n");
        }
    }
}
