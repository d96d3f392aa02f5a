package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.statehouse.client.Json;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class StatehousectlTest {
    private static final Shell NOWHERE = new Shell(Map.of("STATEHOUSE_ADDR", "127.0.0.1:1"));

    // Each line is a command that nobody can mean.
    private static final String MISUSE = """
            nonsense
            get
            get a
            get a k x
            get a k --at yesterday
            get a k --version 1 --at 2
            get a k --version x
            get a k --timeout never
            get a k --timeout 0
            get a k --read maybe
            get a k --read at-least:x
            get a k --address host:port:port
            put a k
            put a k {
            put a k 1 2
            put a k @/no/such/file
            put a k 1 --label x
            put a k 1 --label x=1 --label x=2
            commit
            commit -f /no/such/file
            replay
            replay a --all-agents
            replay a --limit -1
            replay a --kind x
            tail a -n -1
            explain
            explain a k
            explain a --version 1
            verify --start-ts -1
            watch a --limit -1
            watch a --from x
            history a
            history a k -n -1
            diff a
            diff a --from-version 1
            diff a k --from 1 --from-version 1
            diff a k --from-version 0
            diff a --from yesterday
            revert a
            revert a --to-version 1
            revert a k --to 1 --to-version 1
            revert a k --to-version 0
            dump a --format xml
            dump a -o /no/such/folder/file
            txn
            txn status
            cluster
            sessions --limit -1
            sessions --limit 1001
            sessions --label x
            session
            session events
            session events s --from-seq -1
            session events s --from-time 1041
            session events s --format xml
            session export target/nowhere
            session export target/nowhere s --all
            session import
            session import /no/such/directory
            bench --concurrency 0
            bench --read-ratio 2
            bench --value-size 1
            bench --rate 5
            bench --mode open
            bench --clients 0
            bench --duration 0
            completion
            completion fish
            import a /no/such/file
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "health",
                "version",
                "get a k",
                "keys a",
                "scan a",
                "put a k 1",
                "delete a k",
                "replay a",
                "tail a",
                "dump a",
                "inspect a",
                "agents",
                "namespaces",
                "sessions",
                "session events s",
                "session stats s",
                "session replay s",
                "txn status x",
                "txn resolve x",
                "cluster status",
                "cluster transfer",
                "bench"
            })
    void anUnreachableClusterIsOneLineWithinTheTimeout(String command) {
        long start = System.nanoTime();

        var run = NOWHERE.run((command + " --timeout 300ms").split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.ERROR);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("✗ ")
                .contains("127.0.0.1:1", "--address");
        assertThat(run.err()).doesNotContain("Exception", "\tat ");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aServerThatTakesTheConnectionAndStaysSilentIsUnavailableWithinTheTimeout() throws IOException {
        try (var silent = new ServerSocket(0)) {
            long start = System.nanoTime();

            var run =
                    NOWHERE.run("get", "a", "k", "--timeout", "0.5", "--address", "127.0.0.1:" + silent.getLocalPort());

            assertThat(run.code()).isEqualTo(ExitCode.ERROR);
            assertThat(run.err().lines()).singleElement().asString().startsWith("✗ UNAVAILABLE: ");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aWriteWithoutAnAnswerSaysHowToEndTheDoubt() {
        try (var server = new ScriptedServer()
                .ignore(StatehouseServiceGrpc.getCommitMethod())
                .start()) {
            var run = Shell.on(server).run("put", "a", "k", "1", "--timeout", "500ms", "--txn-id", "0193-1");

            assertThat(run.code()).isEqualTo(ExitCode.ERROR);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("✗ OUTCOME_UNKNOWN: ")
                    .contains("statehousectl txn resolve 0193-1", "--txn-id 0193-1");
        }
    }

    @Test
    void eventsAreNarrowedByTheKindOfTheirOperations() {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var shell = Shell.on(server);
            shell.run("put", "ada", "k", "1");
            shell.run("delete", "ada", "k");

            assertThat(shell.run("replay", "ada", "--kind", "put").out().lines())
                    .singleElement()
                    .asString()
                    .contains("WRITE");
            assertThat(shell.run("tail", "ada", "--kind", "delete").out().lines())
                    .singleElement()
                    .asString()
                    .contains("DEL ");
            assertThat(shell.run("replay", "ada", "--kind", "any").out().lines())
                    .hasSize(2);
            assertThat(shell.run("replay", "ada", "--kind", "expiry").out()).contains("No events");
        }
    }

    @Test
    void anUnhealthyNodeIsExitCodeOne() {
        try (var server = new ScriptedServer()
                .answer(
                        StatehouseServiceGrpc.getHealthMethod(),
                        request -> HealthResponse.newBuilder()
                                .setStatus("starting")
                                .build())
                .start()) {
            var run = Shell.on(server).run("health");

            assertThat(run.code()).isEqualTo(ExitCode.ERROR);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).isEqualTo("✗ Daemon is not healthy: starting\n");
            assertThat(Shell.on(server).run("health", "--json").out())
                    .isEqualTo("{\"healthy\":false,\"status\":\"starting\"}\n");
        }
    }

    @Test
    void aRefusalCarriesItsCodeAndWhatTheServerSaid() {
        try (var server = new ScriptedServer()
                .answer(StatehouseServiceGrpc.getCommitMethod(), request -> {
                    var details = Map.of("limit", "value_bytes", "max", "1048576", "actual", "1048577");
                    throw ScriptedStore.error(
                            Status.Code.INVALID_ARGUMENT,
                            ErrorCode.LIMIT_EXCEEDED,
                            "value_bytes is 1048577, the limit is 1048576",
                            details);
                })
                .start()) {
            var run = Shell.on(server).run("put", "a", "k", "1");

            assertThat(run.code()).isEqualTo(ExitCode.ERROR);
            assertThat(run.err()).startsWith("✗ LIMIT_EXCEEDED: ").contains("1048576");
        }
    }

    static Stream<String> misuse() {
        return MISUSE.lines();
    }

    @ParameterizedTest
    @EmptySource
    @MethodSource("misuse")
    void misuseIsOneLineAndExitCodeOne(String command) {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var run = Shell.on(server).run(command.isEmpty() ? new String[0] : command.split(" "));

            assertThat(run.code()).isEqualTo(ExitCode.ERROR);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).singleElement().asString().startsWith("✗ ");
            assertThat(run.err()).doesNotContain("Exception", "unexpected");
        }
    }

    @Test
    void aBadVariableIsNamed() {
        var run = new Shell(Map.of("STATEHOUSE_TIMEOUT", "soon")).run("health");

        assertThat(run.code()).isEqualTo(ExitCode.ERROR);
        assertThat(run.err().lines()).singleElement().asString().contains("STATEHOUSE_TIMEOUT", "soon");
    }

    @Test
    void whatIsTypedOverrulesTheEnvironmentAndStandsBeforeOrBehindTheCommand() {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var shell = new Shell(Map.of("STATEHOUSE_ADDR", "127.0.0.1:1", "STATEHOUSE_NAMESPACE", "prod"));
            String address = server.address();

            assertThat(shell.run("--address", address, "put", "a", "k", "1").code())
                    .isEqualTo(ExitCode.OK);
            assertThat(shell.run("get", "a", "k", "--address", address).out()).contains("Version: 1");
            assertThat(shell.run("get", "a", "k", "--address", address, "--namespace", "default")
                            .code())
                    .isEqualTo(ExitCode.ERROR);
            assertThat(shell.run("--address", "127.0.0.1:1," + address, "--json", "txn", "status", "x")
                            .out())
                    .isEqualTo("{\"txn_id\":\"x\",\"status\":\"UNKNOWN\"}\n");
        }
    }

    @Test
    void quietLeavesOnlyDataAndErrors() {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var shell = Shell.on(server);

            assertThat(shell.run("-q", "put", "a", "k", "1").screen()).isEmpty();
            assertThat(shell.run("get", "a", "k", "-q").out()).contains("Value: 1");
            assertThat(shell.run("get", "a", "x", "-q").err()).isEqualTo("✗ Key not found\n");
        }
    }

    @Test
    void aValueComesBackAsItWasWrittenFromTheLineFromStdinAndFromAFile(@TempDir Path folder) throws IOException {
        String json = "{\"n\":9007199254740993,\"d\":1.50,\"e\":1e-7,\"deep\":[[{}],[]],\"s\":\"é😀\\n\"}";
        Path file = folder.resolve("value.json");
        Files.writeString(file, json + "\n");
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var shell = Shell.on(server);

            assertThat(shell.run("put", "a", "line", json).code()).isEqualTo(ExitCode.OK);
            assertThat(shell.runWith(json + "\n", "put", "a", "stdin", "-").code())
                    .isEqualTo(ExitCode.OK);
            assertThat(shell.run("put", "a", "file", "@" + file).code()).isEqualTo(ExitCode.OK);

            for (String key : List.of("line", "stdin", "file")) {
                assertThat(shell.run("get", "a", key).out()).endsWith("Value: " + json + "\n");
            }
        }
    }

    @Test
    void aDumpImportsIntoTheSameValues(@TempDir Path folder) {
        String file = folder.resolve("dump.json").toString();
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            var shell = Shell.on(server);
            shell.run("put", "a", "a \"key\" with\nevery/thing\u001b", "{\"n\":9007199254740993,\"x\":[1.0,null]}");
            shell.run("put", "a", "null", "null");
            for (int i = 0; i < 1_200; i++) {
                shell.run("put", "a", "k" + i % 7, Integer.toString(i));
            }

            assertThat(shell.run("dump", "a", "-o", file).code()).isEqualTo(ExitCode.OK);
            assertThat(shell.run("import", "b", file).code()).isEqualTo(ExitCode.OK);

            assertThat(valuesOf(shell.run("scan", "b", "--json").out()))
                    .isEqualTo(valuesOf(shell.run("scan", "a", "--json").out()))
                    .hasSize(9);
        }
    }

    private static List<String> valuesOf(String jsonLines) {
        return jsonLines
                .lines()
                .map(line -> {
                    var fields = Json.parse(line).toMap();
                    return fields.get("key") + "=" + fields.get("value");
                })
                .toList();
    }

    @Test
    void aDumpOfNothingIsAnEmptyObject() {
        try (var server = ScriptedNode.over(new ScriptedStore()).start()) {
            assertThat(Json.parse(Shell.on(server).run("dump", "nobody").out()).toMap())
                    .isEmpty();
        }
    }

    @Test
    void everyCommandHasAHelpThatDescribesEverythingAndShowsAnExample() {
        try (var session = new Session(Surroundings.ofProcess())) {
            List<CommandLine> commands = new ArrayList<>();
            collect(Commands.all(session), commands);

            assertThat(commands).hasSizeGreaterThan(20).allSatisfy(command -> {
                var spec = command.getCommandSpec();
                String help = command.getUsageMessage();
                assertThat(spec.options())
                        .allSatisfy(option -> assertThat(option.description())
                                .as(spec.qualifiedName() + " " + option.longestName())
                                .isNotEmpty());
                assertThat(spec.positionalParameters())
                        .allSatisfy(parameter -> assertThat(parameter.description())
                                .as(spec.qualifiedName() + " " + parameter.paramLabel())
                                .isNotEmpty());
                assertThat(help).startsWith("Usage: statehousectl");
                if (spec.subcommands().isEmpty()) {
                    assertThat(help).containsPattern("Examples?:\n.*statehousectl");
                }
            });
        }
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(sub -> collect(sub, all));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "get --help", "txn resolve -h", "--version"})
    void helpIsDataAndExitCodeZero(String command) {
        var run = NOWHERE.run(command.split(" "));

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("statehousectl");
        assertThat(run.err()).isEmpty();
    }
}
