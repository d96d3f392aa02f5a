package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bounds and pages of what is read of event sessions. */
class EventReadTest {
    @RegisterExtension
    static final AgentNode NODE = new AgentNode();

    private final Rpc rpc = NODE.rpc();

    private void session(String id) {
        rpc.call("events.create_session", "{\"id\":\"" + id + "\"}");
    }

    @Test
    void aReadOfMoreTypesThanTheBoundIsRefusedByItsName() {
        session("s");
        rpc.call("events.append", "{\"session_id\":\"s\",\"type\":\"error\"}");
        String thousand = String.join(",", Collections.nCopies(1_000, "\"error\""));

        JsonNode page = rpc.call("events.read", "{\"id\":\"s\",\"types\":[" + thousand + "]}");

        assertThat(Rpc.items(Objects.requireNonNull(Rpc.member(page, "events"))))
                .hasSize(1);
        assertThat(rpc.error("events.read", "{\"id\":\"s\",\"types\":[" + thousand + ",\"custom\"]}"))
                .startsWith("-32602")
                .contains("typesMax is 1000");
    }

    @Test
    void allSessionsAreFoundInPagesWhateverIsBegunAndDeletedMeanwhile() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            session(id);
        }
        rpc.call("events.delete_session", "{\"id\":\"b\"}");
        List<String> found = new ArrayList<>();
        String next = "1";
        while (!next.equals("null")) {
            JsonNode page = rpc.call("events.session_ids", "{\"from\":" + next + ",\"limit\":2}");
            Rpc.items(Objects.requireNonNull(Rpc.member(page, "ids"))).forEach(id -> found.add(JsonWriter.text(id)));
            if (next.equals("1")) {
                rpc.call("events.delete_session", "{\"id\":\"a\"}");
                session("f");
            }
            next = JsonWriter.text(Objects.requireNonNull(Rpc.member(page, "next")));
        }

        assertThat(found).containsExactly("\"a\"", "\"c\"", "\"d\"", "\"e\"", "\"f\"");
    }
}
