package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Operation;
import io.statehouse.client.Origin;
import io.statehouse.client.ReadRecord;
import io.statehouse.client.StateKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLinesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:05.999Z");

    @Test
    void aWriteIsOneLineWithTheKeyPaddedToTwenty() {
        assertThat(lines("default", "ada", put("draft", 3, "{\"a\": 1}")))
                .containsExactly("12:00:05Z  agent=ada  WRITE  key=draft                 v=3  {\"a\":1}");
    }

    @Test
    void aDeleteHasNoSummary() {
        assertThat(lines("default", "ada", delete("draft", 4)))
                .containsExactly("12:00:05Z  agent=ada  DEL    key=draft                 v=4");
    }

    @Test
    void aNamespaceIsShownUnlessItIsTheDefault() {
        assertThat(lines("prod", "ada", delete("k", 1)))
                .containsExactly("12:00:05Z  ns=prod  agent=ada  DEL    key=k                     v=1");
        assertThat(lines("", "ada", delete("k", 1)).get(0)).doesNotContain("ns=");
    }

    @Test
    void everyOperationOfAnEventHasItsLineInStagingOrder() {
        assertThat(lines("default", "ada", put("k", 1, "1"), delete("k", 2), put("k", 3, "2")))
                .extracting(line -> line.substring(line.indexOf("v=")))
                .containsExactly("v=1  1", "v=2", "v=3  2");
    }

    @ParameterizedTest
    @CsvSource({
        "tool/search, 'TOOL '",
        "tool/, 'TOOL '",
        "tool, WRITE",
        "tools/x, WRITE",
        "Tool/x, WRITE",
        "note/1, 'NOTE '",
        "annotation/1, 'NOTE '",
        "notes/1, WRITE",
        "final/report, FINAL",
        "answer/1, FINAL",
        "x/final/1, WRITE"
    })
    void theKeysPrefixNamesTheOperation(String key, String op) {
        assertThat(lines("default", "a", put(key, 1, "1")).get(0)).contains("  agent=a  " + op + "  key=");
    }

    @ParameterizedTest
    @CsvSource({"tool/search, 'TOOL '", "note/1, 'NOTE '", "answer/1, FINAL", "other, 'DEL  '"})
    void thePrefixWinsOverDelete(String key, String op) {
        assertThat(lines("default", "a", delete(key, 1)).get(0)).contains("  agent=a  " + op + "  key=");
    }

    @ParameterizedTest
    @CsvSource({
        "12345678901234567890, 12345678901234567890",
        "123456789012345678901, 12345678901234567...",
        "𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅, 𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅",
        "𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄, 𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄𝔅𝔄...",
    })
    void anAgentIdOverTwentyCharactersIsCutToSeventeenAndDots(String agent, String shown) {
        assertThat(lines("default", agent, delete("k", 1)).get(0)).contains("  agent=" + shown + "  DEL");
    }

    @Test
    void aKeyOfTwentyCharactersOrMoreIsNotPadded() {
        assertThat(lines("default", "a", delete("k".repeat(20), 1)).get(0)).endsWith("key=" + "k".repeat(20) + "  v=1");
        assertThat(lines("default", "a", delete("k".repeat(19), 1)).get(0))
                .endsWith("key=" + "k".repeat(19) + "   v=1");
        assertThat(lines("default", "a", delete("k".repeat(48), 1)).get(0)).endsWith("key=" + "k".repeat(48) + "  v=1");
    }

    @Test
    void aKeyIsPaddedByCharactersNotByUnits() {
        assertThat(lines("default", "a", delete("😀", 1)).get(0)).endsWith("key=😀" + " ".repeat(19) + "  v=1");
    }

    @Test
    void aKeyOverFortyEightIsCutToFortyFiveAndDots() {
        assertThat(lines("default", "a", delete("k".repeat(49), 1)).get(0))
                .endsWith("key=" + "k".repeat(45) + "...  v=1");
        assertThat(lines("default", "a", delete("a/" + "k".repeat(47), 1)).get(0))
                .as("two parts are no path")
                .endsWith("key=a/" + "k".repeat(43) + "...  v=1");
    }

    @Test
    void aLongPathShowsItsFirstAndLastPartIfTheyFit() {
        String fits = "first/" + "m".repeat(60) + "/" + "l".repeat(38);
        assertThat(lines("default", "a", delete(fits, 1)).get(0)).endsWith("key=first/.../" + "l".repeat(38) + "  v=1");

        String tooLong = "first/" + "m".repeat(60) + "/" + "l".repeat(39);
        assertThat(lines("default", "a", delete(tooLong, 1)).get(0))
                .endsWith("key=first/" + "m".repeat(39) + "...  v=1");
    }

    @Test
    void aShortPathIsLeftAlone() {
        assertThat(lines("default", "a", delete("a/b/c", 1)).get(0)).contains("key=a/b/c  ");
    }

    @Test
    void aServerWithoutTimesHasItsCommitTsShownAsSeconds() {
        var event = event("default", "a", Instant.EPOCH, 3_661, List.of(delete("k", 1)));

        assertThat(EventLines.brief(event).get(0)).startsWith("01:01:01Z  agent=a");
    }

    @Test
    void noCommitTsIsTooLargeToShow() {
        var event = event("default", "a", Instant.EPOCH, Long.MAX_VALUE, List.of(delete("k", 1)));

        assertThat(EventLines.brief(event).get(0)).matches("\\d\\d:\\d\\d:\\d\\dZ  agent=a.*");
    }

    @Test
    void verboseShowsTheTransactionAndThePayloadAndMapsNothing() {
        var event = event("default", "ada", NOON, 7, List.of(put("tool/x", 2, "{\"b\":[1,{}],\"a\":\"é\"}")));

        assertThat(EventLines.verbose(event, 4))
                .containsExactly(
                        "12:00:05Z  agent=ada  WRITE  key=tool/x  v=2  txn=0193f0a4-1c2  event=4",
                        "  payload: {",
                        "  \"b\": [",
                        "    1,",
                        "    {}",
                        "  ],",
                        "  \"a\": \"é\"",
                        "}");
    }

    @Test
    void verboseShowsADeleteAsNull() {
        var event = event("prod", "ada", NOON, 7, List.of(delete("tool/x", 2)));

        assertThat(EventLines.verbose(event, 0))
                .containsExactly(
                        "12:00:05Z  ns=prod  agent=ada  DEL    key=tool/x  v=2  txn=0193f0a4-1c2  event=0",
                        "  payload: null");
    }

    @Test
    void aJsonLineCarriesTheWholeEvent() {
        var event = event("default", "ada", NOON, 7, List.of(put("k", 1, "{\"n\": 9007199254740993}"), delete("k", 2)));

        assertThat(EventLines.json(event))
                .isEqualTo("{\"txn_id\":\"0193f0a4-1c2d-7000\",\"commit_ts\":7,\"namespace\":\"default\","
                        + "\"agent_id\":\"ada\",\"operations\":["
                        + "{\"key\":\"k\",\"value\":{\"n\":9007199254740993},\"version\":1},"
                        + "{\"key\":\"k\",\"value\":null,\"version\":2}]}");
    }

    @Test
    void aFullJsonLineAddsTheTimeTheOriginAndTheReadSet() {
        var event = event("default", "ada", NOON, 7, List.of(delete("k", 2)));

        assertThat(EventLines.jsonInFull(event))
                .endsWith(",\"committed_at\":\"2026-11-21T12:00:05.999Z\",\"actor\":\"ops\",\"trace_id\":\"t1\","
                        + "\"labels\":{\"step\":\"plan\"},\"read_set\":[{\"namespace\":\"default\",\"agent_id\":\"ada\","
                        + "\"key\":\"goal\",\"version\":4}]}");
    }

    @Test
    void aReplayOfAllAgentsNamesTheAgentOfEachOperation() {
        var operation = new Operation(new StateKey("default", "bob", "k"), null, 1);
        var event = event("default", "", NOON, 7, List.of(operation));

        assertThat(EventLines.brief(event).get(0)).contains("  agent=bob  DEL");
        assertThat(EventLines.json(event))
                .contains("\"agent_id\":\"\",\"operations\":[{\"agent_id\":\"bob\",\"key\":\"k\"");
    }

    private static List<String> lines(String namespace, String agent, Operation... operations) {
        return EventLines.brief(event(namespace, agent, NOON, 7, List.of(operations)));
    }

    private static Event event(
            String namespace, String agent, Instant time, long commitTs, List<Operation> operations) {
        var origin = new Origin("ops", "t1", Map.of("step", "plan"));
        var readSet = List.of(new ReadRecord(new StateKey("default", "ada", "goal"), 4));
        return new Event("0193f0a4-1c2d-7000", commitTs, time, namespace, agent, operations, origin, readSet);
    }

    private static Operation put(String key, long version, String json) {
        return new Operation(StateKey.of("", key), Json.parse(json), version);
    }

    private static Operation delete(String key, long version) {
        return new Operation(StateKey.of("", key), null, version);
    }
}
