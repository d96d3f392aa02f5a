package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.client.Json;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentResponse;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFilesTest {
    private final List<Map<String, ?>> imported = new ArrayList<>();
    private final ScriptedServer empty = new ScriptedServer()
            .answer(AgentServiceGrpc.getQueryMethod(), request -> {
                throw ScriptedStore.error(Status.Code.NOT_FOUND, ErrorCode.KEY_NOT_FOUND, "Not found", Map.of());
            })
            .answer(AgentServiceGrpc.getExecuteMethod(), this::take);
    private final ScriptedServer full =
            new ScriptedServer().answer(AgentServiceGrpc.getQueryMethod(), SessionFilesTest::answerWithADeletedSession);

    @TempDir
    private Path directory;

    private static AgentResponse answerWithADeletedSession(AgentRequest request) {
        AgentResponse answer = ScriptedAgents.answer(request);
        return answer.toBuilder()
                .setResult(ByteString.copyFromUtf8(
                        answer.getResult().toStringUtf8().replace("{\"ids\":[\"", "{\"ids\":[\"deleted\",\"")))
                .build();
    }

    private AgentResponse take(AgentRequest request) {
        assertThat(request.getMethod()).isEqualTo("events.import");
        imported.add(Json.parse(request.getParams().toStringUtf8()).toMap());
        return AgentResponse.newBuilder()
                .setResult(ByteString.copyFromUtf8("null"))
                .build();
    }

    @BeforeEach
    void export() {
        empty.start();
        full.start();
        var run = Shell.on(full).run("session", "export", directory.toString(), "research-7");
        assertThat(run.screen()).contains("6 events");
    }

    @AfterEach
    void close() {
        empty.close();
        full.close();
    }

    private Path events() {
        return directory.resolve("events/research-7.jsonl");
    }

    @Test
    void whatWasExportedIsImportedAsItWas() throws IOException {
        var run = Shell.on(empty).run("session", "import", directory.toString());

        assertThat(run.out()).isEqualTo("✓ Imported session research-7: 6 events\n");
        assertThat(imported).singleElement().satisfies(params -> {
            assertThat(params.get("events"))
                    .isEqualTo(Files.readAllLines(events()).stream()
                            .map(line -> Json.parse(line).toMap())
                            .toList());
            assertThat(params.get("writers")).isEqualTo("append");
            assertThat(String.valueOf(params.get("session"))).contains("2026-11-21T10:15:00Z", "team=travel");
        });
        assertThat(Files.readString(directory.resolve("snapshots/research-7.json")))
                .startsWith("{\"session_id\":\"research-7\",\"version\":6,\"state\":{\"version\":6,");
    }

    @Test
    void allSessionsAreExportedButOneThatIsDeletedMeanwhile() throws IOException {
        Path all = directory.resolve("all");

        var run = Shell.on(full).run("session", "export", all.toString(), "--all");

        assertThat(run.out()).isEqualTo("✓ Exported session research-7 to " + all + ": 6 events\n");
        assertThat(run.err()).contains("Session deleted was deleted meanwhile");
        assertThat(all.resolve("events/research-7.jsonl")).hasSameBinaryContentAs(events());
        assertThat(SessionFiles.of(all).sessions()).hasSize(1);
    }

    @Test
    void anImportThatBrokeOffGoesOn() throws IOException {
        String seventh = Files.readAllLines(events()).get(5).replace("\"sequence_number\":6", "\"sequence_number\":7");
        Files.writeString(events(), Files.readString(events()) + seventh + "\n");
        Files.writeString(
                directory.resolve("sessions/research-7.json"),
                Files.readString(directory.resolve("sessions/research-7.json"))
                        .replace("\"event_count\":6", "\"event_count\":7"));

        try (var behind = ScriptedNode.over(new ScriptedStore())
                .answer(AgentServiceGrpc.getExecuteMethod(), this::take)
                .start()) {
            var run = Shell.on(behind).run("session", "import", directory.toString());

            assertThat(run.out()).isEqualTo("✓ Imported session research-7: 1 events (already there: 6)\n");
            assertThat(imported)
                    .singleElement()
                    .satisfies(params -> assertThat((List<?>) params.get("events"))
                            .isEqualTo(List.of(Json.parse(seventh).toMap())));
        }
    }

    @Test
    void filesThatAreNotOneSessionAreRefusedBeforeAnythingIsSent() throws IOException {
        String whole = Files.readString(events());

        assertThat(refused(whole.replace("search first", "another thing"), full))
                .contains("its event 3 is another");
        assertThat(refused(whole.replace("\"sequence_number\":3", "\"sequence_number\":4"), empty))
                .contains("line 3 has not the sequence_number 3");
        assertThat(refused(whole.substring(0, whole.lastIndexOf("{\"session_id\"")), empty))
                .contains("says that there are 6 events, and there are 5");
        assertThat(refused(whole.replace("research-7", "other"), empty)).contains("is no event of session research-7");
        assertThat(refused("{\n", empty)).contains("not one JSON value");
        assertThat(imported).isEmpty();
    }

    private String refused(String events, ScriptedServer server) throws IOException {
        Files.writeString(events(), events);
        var run = Shell.on(server).run("session", "import", directory.toString());
        assertThat(run.code()).isEqualTo(ExitCode.ERROR);
        return run.err();
    }

    @Test
    void noIdLeadsOutOfTheDirectory() {
        var files = SessionFiles.of(directory);

        assertThat(List.of("../../up", "..", "a/b", "with space", "*", "ä", "."))
                .allSatisfy(id ->
                        assertThat(files.events(id).normalize().getParent()).isEqualTo(directory.resolve("events")));
        assertThat(files.session("research-7.b_c").getFileName().toString()).isEqualTo("research-7.b_c.json");
    }
}
