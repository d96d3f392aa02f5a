package io.statehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Entry;
import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Operation;
import io.statehouse.client.Origin;
import io.statehouse.client.StateKey;
import io.statehouse.cluster.CallRecord.Change;
import io.statehouse.cluster.CallRecord.Look;
import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.CallRecord.Write;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The audit hears every lie it was made to hear, and raises no false alarm. */
class ReplicaAuditTest {
    private static final StateKey ASKED = StateKey.of("ada", "task");
    private static final StateKey KEY = new StateKey("default", "ada", "task");

    @Test
    void anHonestHistoryPasses() {
        var events = List.of(event("a", 1, "1"), event("b", 2, "2"));
        var calls = List.of(write("a", 0, 10, 1, "1"), write("b", 20, 30, 2, "2"), look(31, 40, 2, "2"));

        assertThat(ReplicaAudit.complaints(events, calls)).isEmpty();
    }

    @Test
    void anUnknownWriteMayBeThereOrNot() {
        var unknown = new CallRecord(0, 0, 10, Outcome.UNKNOWN, act("a", 0, List.of(), "1"));

        assertThat(ReplicaAudit.complaints(List.of(), List.of(unknown))).isEmpty();
        assertThat(ReplicaAudit.complaints(List.of(event("a", 1, "1")), List.of(unknown)))
                .isEmpty();
    }

    @Test
    void aLostAcknowledgementIsHeard() {
        assertThat(ReplicaAudit.complaints(List.of(), List.of(write("a", 0, 10, 1, "1"))))
                .containsExactly("transaction a was acknowledged as commit 1 and is lost");
    }

    @Test
    void aDoubleApplicationIsHeard() {
        var events = List.of(event("a", 1, "1"), event("a", 2, "1"));

        assertThat(ReplicaAudit.complaints(events, List.of(write("a", 0, 10, 2, "1"))))
                .containsExactly("transaction a is applied twice");
    }

    @Test
    void aRefusedWriteThatIsThereIsHeard() {
        var refused = new CallRecord(0, 0, 10, Outcome.FAIL, act("a", 0, List.of(), "1"));

        assertThat(ReplicaAudit.complaints(List.of(event("a", 1, "1")), List.of(refused)))
                .containsExactly("transaction a was refused and is applied: ");
    }

    @Test
    void aGapAPhantomAndAChangedValueAreHeard() {
        assertThat(ReplicaAudit.complaints(List.of(event("a", 2, "1")), List.of()))
                .containsExactly(
                        "commit_ts 2 stands where 1 belongs",
                        KEY + " has version 2 where 1 belongs",
                        "nobody sent transaction a");
        assertThat(ReplicaAudit.complaints(List.of(event("a", 1, "7")), List.of(write("a", 0, 10, 1, "1"))))
                .containsExactly("transaction a asked for [ada/task=1] and did [ada/task=7]");
    }

    @Test
    void anOrderAgainstRealTimeIsHeard() {
        var events = List.of(event("a", 1, "1"), event("b", 2, "2"));
        var calls = List.of(write("b", 0, 10, 2, "2"), write("a", 20, 30, 1, "1"));

        assertThat(ReplicaAudit.complaints(events, calls))
                .containsExactly("commit 1 began after commit 2 was answered");
    }

    @Test
    void aStaleReadAndAnInventedReadAreHeard() {
        var events = List.of(event("a", 1, "1"), event("b", 2, "2"));
        var writes = List.of(write("a", 0, 10, 1, "1"), write("b", 20, 30, 2, "2"));

        assertThat(ReplicaAudit.complaints(events, with(writes, look(31, 40, 1, "1"))))
                .containsExactly("ada/task was seen at version 1 after a later one was acknowledged");
        assertThat(ReplicaAudit.complaints(events, with(writes, look(25, 40, 1, "1"))))
                .as("the later write was still under way")
                .isEmpty();
        assertThat(ReplicaAudit.complaints(events, with(writes, look(31, 40, 2, "9"))))
                .containsExactly("ada/task was seen at version 2 with a value that this version never had");
        assertThat(ReplicaAudit.complaints(events, with(writes, look(31, 40, 3, "3"))))
                .containsExactly("ada/task was seen at version 3, which is not there");
        assertThat(ReplicaAudit.complaints(events, with(writes, look(31, 40, 0, null))))
                .containsExactly("ada/task was seen at version 0 after a later one was acknowledged");
    }

    private static Event event(String id, long commitTs, String json) {
        var operation = new Operation(KEY, Json.parse(json), commitTs);
        return new Event(
                id,
                commitTs,
                Instant.EPOCH,
                "default",
                "",
                List.of(operation),
                new Origin("", "", Map.of()),
                List.of());
    }

    private static CallRecord write(String id, long called, long returned, long commitTs, String json) {
        return new CallRecord(0, called, returned, Outcome.OK, act(id, commitTs, List.of(commitTs), json));
    }

    private static Write act(String id, long commitTs, List<Long> versions, String json) {
        return new Write(id, List.of(new Change(ASKED, json)), List.of(), commitTs, versions, "");
    }

    private static CallRecord look(long called, long returned, long version, @Nullable String json) {
        var value = json == null ? null : Json.parse(json);
        var seen = new Entry("task", value, version, version, Instant.EPOCH, version);
        return new CallRecord(1, called, returned, Outcome.OK, new Look(ASKED, seen));
    }

    private static List<CallRecord> with(List<CallRecord> calls, CallRecord more) {
        return java.util.stream.Stream.concat(calls.stream(), java.util.stream.Stream.of(more))
                .toList();
    }
}
