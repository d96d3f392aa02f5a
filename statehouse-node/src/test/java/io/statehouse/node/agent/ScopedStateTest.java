package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScopedStateTest {
    private static final String GUILD = "\"guild_id\":\"g\"";

    @RegisterExtension
    static final AgentNode NODE = new AgentNode();

    private final Rpc rpc = NODE.rpc();

    private static String guild(String more) {
        return "{" + GUILD + more + "}";
    }

    private JsonNode update(String update, String more) {
        return rpc.call("state.update", guild(",\"state_update\":" + update + more));
    }

    private String state(String more) {
        return JsonWriter.text(Objects.requireNonNull(Rpc.member(rpc.call("state.fetch", guild(more)), "state")));
    }

    @Test
    void aMissingDocumentIsEmptyAtVersionZeroAndTheFirstUpdateMakesVersionOne() {
        JsonNode nothing = rpc.call("state.fetch", guild(""));
        assertThat(Rpc.text(nothing, "version")).isEqualTo("0");
        assertThat(Rpc.text(nothing, "timestamp")).isEqualTo("0");
        assertThat(state("")).isEqualTo("{}");

        JsonNode made = update("{\"a\":{\"b\":1},\"c\":2}", "");

        assertThat(Rpc.text(made, "version")).isEqualTo("1");
        assertThat(state("")).isEqualTo("{\"a\":{\"b\":1},\"c\":2}");
        assertThat(JsonWriter.text(rpc.call("state.fetch", guild("")))).contains("\"is_latest\":true");
    }

    @Test
    void documentsOfAgentsOfTheGuildAndOfAllAreApart() {
        update("{\"of\":\"guild\"}", "");
        rpc.call(
                "state.update", guild(",\"state_owner\":\"agent\",\"agent_id\":\"x\",\"state_update\":{\"of\":\"x\"}"));
        rpc.call("state.update", "{\"state_owner\":\"global\",\"state_update\":{\"of\":\"all\"}}");

        assertThat(state("")).isEqualTo("{\"of\":\"guild\"}");
        assertThat(state(",\"state_owner\":\"agent\",\"agent_id\":\"x\"")).isEqualTo("{\"of\":\"x\"}");
        assertThat(state(",\"state_owner\":\"agent\",\"agent_id\":\"y\"")).isEqualTo("{}");
        assertThat(state(",\"state_owner\":\"global\"")).isEqualTo("{\"of\":\"all\"}");
        assertThat(JsonWriter.text(rpc.call("guild.documents", guild("")))).isEqualTo("[\"agent/x\",\"guild\"]");
    }

    @Test
    void aPlaceIsReadAndChangedByItsPath() {
        update("{\"done\":true}", ",\"update_path\":\"$.plan.steps\"");
        update("{\"list\":[1,{\"n\":2}]}", "");

        assertThat(state(",\"state_path\":\"plan\"")).isEqualTo("{\"steps\":{\"done\":true}}");
        assertThat(state(",\"state_path\":\"$.plan['steps'].done\"")).isEqualTo("{\"done\":true}");
        assertThat(state(",\"state_path\":\"list[1].n\"")).isEqualTo("{\"n\":2}");
        assertThat(state(",\"state_path\":\"list[7]\"")).isEqualTo("{}");
        update("{\"n\":3}", ",\"update_path\":\"list[1]\"");
        assertThat(state(",\"state_path\":\"list\"")).isEqualTo("{\"list\":[1,{\"n\":3}]}");
        assertThat(rpc.error("state.update", guild(",\"state_update\":{},\"update_path\":\"a..b\"")))
                .contains("update_path: not a path");
    }

    @Test
    void aPatchWhoseTestFailsChangesNothing() {
        update("{\"a\":1,\"gone\":1}", "");
        update("{\"gone\":null}", "");
        String operations = "{\"operations\":[{\"op\":\"add\",\"path\":\"/b\",\"value\":2},"
                + "{\"op\":\"test\",\"path\":\"/a\",\"value\":%d}]}";

        assertThat(rpc.error(
                        "state.update",
                        guild(",\"update_format\":\"json-patch\",\"state_update\":" + operations.formatted(7))))
                .contains("does not fit the document");
        assertThat(state("")).isEqualTo("{\"a\":1}");
        update(operations.formatted(1), ",\"update_format\":\"json-patch\"");
        assertThat(state("")).isEqualTo("{\"a\":1,\"b\":2}");
    }

    @Test
    void ofManyWhoExpectTheSameVersionOneWins() {
        AtomicInteger won = new AtomicInteger();
        Rpc.atOnce(20, number -> {
            JsonNode answer =
                    rpc.answer("state.update", guild(",\"state_update\":{\"n\":" + number + "},\"update_version\":0"));
            if (Rpc.member(answer, "result") != null) {
                won.incrementAndGet();
            }
        });

        assertThat(won).hasValue(1);
        assertThat(rpc.error("state.update", guild(",\"state_update\":{},\"update_version\":0")))
                .contains("the current version is 1");
    }

    @Test
    void thePastIsReadByVersion() {
        update("{\"n\":1}", "");
        update("{\"n\":2}", "");
        rpc.call("state.load", guild(",\"state\":{\"n\":9},\"version\":9"));

        assertThat(state(",\"version\":1")).isEqualTo("{\"n\":1}");
        assertThat(state(",\"version\":5")).isEqualTo("{\"n\":2}");
        assertThat(JsonWriter.text(rpc.call("state.fetch", guild(",\"version\":5"))))
                .contains("\"version\":2", "\"is_latest\":false");
        assertThat(Rpc.text(update("{}", ""), "version")).isEqualTo("10");
    }

    @Test
    void aPausedGuildTakesNoUpdateUntilItIsResumed() {
        rpc.call("guild.pause", guild(""));
        assertThat(rpc.error("state.update", guild(",\"state_update\":{}"))).contains("guild g is paused");

        rpc.call("guild.resume", guild(""));

        update("{\"a\":1}", "");
    }

    @Test
    void aCheckpointIsRestoredByAChangeThatKeepsTheHistory() {
        update("{\"n\":1}", "");
        rpc.call("guild.checkpoint", guild(",\"name\":\"before\""));
        update("{\"n\":2,\"more\":1}", "");
        rpc.call("state.update", guild(",\"state_owner\":\"agent\",\"agent_id\":\"x\",\"state_update\":{\"n\":1}"));

        rpc.call("guild.restore", guild(",\"name\":\"before\""));

        assertThat(state("")).isEqualTo("{\"n\":1}");
        assertThat(state(",\"state_owner\":\"agent\",\"agent_id\":\"x\"")).isEqualTo("{}");
        assertThat(state(",\"version\":2")).isEqualTo("{\"n\":2,\"more\":1}");
        assertThat(rpc.error("guild.restore", guild(",\"name\":\"never\""))).contains("Not found: checkpoint never");
    }

    @Test
    void aStaleLeaseWritesNothing() {
        String lease = "{\"resources\":[\"doc\"],\"holder\":\"a\"}";
        JsonNode granted = rpc.call("lease.acquire", lease);
        String token = Rpc.text(
                Rpc.items(Objects.requireNonNull(Rpc.member(granted, "leases"))).get(0), "token");
        String fences = ",\"fences\":[{\"resource\":\"doc\",\"token\":" + token + "}]";
        update("{\"a\":1}", fences);
        rpc.call("lease.acquire", "{\"resources\":[\"doc\"],\"holder\":\"b\",\"take_over\":true}");

        assertThat(rpc.error("state.update", guild(",\"state_update\":{\"a\":2}" + fences)))
                .contains("is not the caller's any more");
        assertThat(state("")).isEqualTo("{\"a\":1}");
    }

    @Test
    void aRemovedDocumentIsGoneAndItsVersionsAreKept() {
        update("{\"a\":1}", "");
        rpc.call("state.remove", guild(""));

        assertThat(state("")).isEqualTo("{}");
        assertThat(state(",\"version\":1")).isEqualTo("{\"a\":1}");
    }
}
