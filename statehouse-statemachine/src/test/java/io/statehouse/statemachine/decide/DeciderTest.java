package io.statehouse.statemachine.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.KeyHeads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final Key TASK = new Agent("agents", "ada").key("task");
    private static final Key OTHER = new Agent("agents", "ada").key("other");
    private static final CommitPoint POINT = new CommitPoint(new CommitTs(9), 9_000);
    private static final KeyHead WRITTEN = new KeyHead(6, new CommitTs(7), true);
    private static final KeyHead DELETED = new KeyHead(6, new CommitTs(7), false);
    private static final Limits LIMITS = new Limits(8, 8, 16, 9, 3, 60, 2, 2, 6, Duration.ofHours(1));

    private final Decider decider = new Decider(LIMITS);

    @Test
    void aPutMakesTheNextVersion() {
        Decision decision = decide(WRITTEN, new Operation.Put(TASK, json("1")));

        assertThat(decision.reply()).isEqualTo(new Reply.Committed(new CommitTs(9), 9_000, List.of(7L), false));
        assertThat(decision.events()).containsExactly(new Event.EntryPut(TASK, 7, json("1")));
    }

    @Test
    void aDeleteOfAKeyThatWasNeverWrittenMakesTombstoneVersionOne() {
        Decision decision = decide(KeyHead.NEVER, new Operation.Delete(TASK));

        assertThat(decision.events()).containsExactly(new Event.EntryDeleted(TASK, 1));
    }

    @Test
    void writeDeleteWriteInOneTransactionMakesThreeVersionsInOrder() {
        Decision decision = decide(
                WRITTEN,
                new Operation.Put(TASK, json("1")),
                new Operation.Delete(TASK),
                new Operation.Put(TASK, json("2")));

        assertThat(decision.events())
                .containsExactly(
                        new Event.EntryPut(TASK, 7, json("1")),
                        new Event.EntryDeleted(TASK, 8),
                        new Event.EntryPut(TASK, 9, json("2")));
    }

    @Test
    void numberingGoesOnAfterADelete() {
        assertThat(decide(DELETED, new Operation.Put(TASK, json("1"))).events())
                .containsExactly(new Event.EntryPut(TASK, 7, json("1")));
    }

    @Test
    void aTransactionWithoutOperationsCommits() {
        Decision decision = decide(WRITTEN);

        assertThat(decision.reply()).isEqualTo(new Reply.Committed(new CommitTs(9), 9_000, List.of(), false));
        assertThat(decision.events()).isEmpty();
    }

    @Test
    void conditionsAreJudgedByTheNewestVersion() {
        assertThat(conflict(WRITTEN, new Condition.VersionEquals(TASK, 6))).isNull();
        assertThat(conflict(WRITTEN, new Condition.VersionEquals(TASK, 5))).isNotNull();
        assertThat(conflict(KeyHead.NEVER, new Condition.VersionEquals(TASK, 0)))
                .isNull();
        assertThat(conflict(WRITTEN, new Condition.Exists(TASK))).isNull();
        assertThat(conflict(DELETED, new Condition.Exists(TASK))).isNotNull();
        assertThat(conflict(KeyHead.NEVER, new Condition.Exists(TASK))).isNotNull();
        assertThat(conflict(WRITTEN, new Condition.Absent(TASK))).isNotNull();
        assertThat(conflict(DELETED, new Condition.Absent(TASK))).isNull();
        assertThat(conflict(KeyHead.NEVER, new Condition.Absent(TASK))).isNull();
        assertThat(conflict(WRITTEN, new Condition.UnchangedSince(TASK, new CommitTs(7))))
                .isNull();
        assertThat(conflict(DELETED, new Condition.UnchangedSince(TASK, new CommitTs(6))))
                .isNotNull();
        assertThat(conflict(KeyHead.NEVER, new Condition.UnchangedSince(TASK, CommitTs.ZERO)))
                .isNull();
    }

    @Test
    void aChangeOfAnyKeyOfAnAgentIsAConflictThatNamesIt() {
        Agent ada = TASK.agent();

        assertThat(conflict(WRITTEN, new Condition.AgentUnchangedSince(ada, new CommitTs(7))))
                .isNull();
        assertThat(conflict(WRITTEN, new Condition.AgentUnchangedSince(ada, new CommitTs(6))))
                .isEqualTo(new Reply.Conflict(OTHER, 0, 6, new CommitTs(7)));
    }

    @Test
    void aPutUntilAMomentThatHasComeTakesTheValueAway() {
        assertThat(decide(WRITTEN, until(9_001)).events())
                .containsExactly(new Event.EntryPut(TASK, 7, json("1"), 9_001));
        assertThat(decide(WRITTEN, until(9_000)).events()).containsExactly(new Event.EntryDeleted(TASK, 7));
        assertThat(decide(WRITTEN, until(-1)).reply()).isEqualTo(new Reply.Invalid("expires_ms", "is negative"));
    }

    private static Operation until(long wallMillis) {
        return new Operation.Put(TASK, json("1"), new Lifetime.Until(wallMillis));
    }

    @Test
    void aFailedConditionRefusesAllAndNamesWhatStandsThere() {
        CommitTransaction commit = new CommitTransaction(
                new TxnId("t"),
                List.of(new Operation.Put(OTHER, json("1"))),
                List.of(new Condition.Exists(TASK), new Condition.VersionEquals(TASK, 5)),
                List.of(),
                Origin.NONE);

        Decision decision = decider.decide(commit, POINT, heads(WRITTEN));

        assertThat(decision.reply()).isEqualTo(new Reply.Conflict(TASK, 1, 6, new CommitTs(7)));
        assertThat(decision.events()).isEmpty();
    }

    @Test
    void conditionsSeeTheStateBeforeTheTransaction() {
        CommitTransaction commit = new CommitTransaction(
                new TxnId("t"),
                List.of(new Operation.Put(TASK, json("1"))),
                List.of(new Condition.Absent(TASK)),
                List.of(),
                Origin.NONE);

        assertThat(decider.decide(commit, POINT, heads(KeyHead.NEVER)).reply()).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void anUnknownIdIsAbortedWhenItIsResolved() {
        Decision decision = decider.decide(new ResolveTransaction(new TxnId("t")), POINT, heads(WRITTEN));

        assertThat(decision).isEqualTo(new Decision(List.of(), new Reply.Aborted()));
    }

    @Test
    void everyLimitIsNamedWhenItIsPassed() {
        Operation put = new Operation.Put(TASK, json("1"));
        assertThat(limit(commit(Collections.nCopies(4, put)))).isEqualTo("transactionOperationsMax 3 4");
        assertThat(limit(commit(List.of(new Operation.Put(TASK, json("\"" + "x".repeat(15) + "\""))))))
                .isEqualTo("valueBytesMax 16 17");
        assertThat(limit(commit(Collections.nCopies(3, new Operation.Delete(TASK)))))
                .isEqualTo("none");
        assertThat(limit(commit(Collections.nCopies(3, new Operation.Put(TASK, json("12345678"))))))
                .isEqualTo("transactionBytesMax 60 63");
        assertThat(limit(commit(List.of(
                        new Operation.Delete(new Agent("agents", "ada").key("\u0131\u0131\u0131\u0131\u0131"))))))
                .isEqualTo("keyBytesMax 8 10");
        assertThat(limit(commit(
                        List.of(new Operation.Delete(new Agent("agents", "\ud83d\ude00\ud83d\ude00x").key("k"))))))
                .isEqualTo("idBytesMax 8 9");
        assertThat(limit(commit(List.of(new Operation.Delete(new Agent("\u20ac\u20ac\u20ac", "a").key("k"))))))
                .isEqualTo("idBytesMax 8 9");
        assertThat(limit(checks(Collections.nCopies(3, new Condition.Exists(TASK)), List.of())))
                .isEqualTo("conditionsMax 2 3");
        assertThat(limit(checks(List.of(), Collections.nCopies(3, new ReadRecord(TASK, 1)))))
                .isEqualTo("readSetMax 2 3");
        assertThat(limit(new CommitTransaction(
                        new TxnId("t"),
                        List.of(),
                        List.of(),
                        List.of(),
                        new Origin("me", "id", List.of(new Origin.Label("a", "bc"))))))
                .isEqualTo("originBytesMax 6 7");
    }

    @Test
    void emptyNamesAndUnknownTimelinesAreInvalid() {
        assertThat(invalid(new Agent("", "a").key("k"))).isEqualTo("namespace");
        assertThat(invalid(new Agent("n", "").key("k"))).isEqualTo("agent_id");
        assertThat(invalid(new Agent("n", "a").key(""))).isEqualTo("key");
        assertThat(invalid(new Agent(new Timeline(1), "n", "a").key("k"))).isEqualTo("timeline");
        assertThat(new RequestRules(LIMITS).firstBroken(new TxnId("")))
                .isEqualTo(new Reply.Invalid("txn_id", "is empty"));
        assertThat(new RequestRules(LIMITS).firstBroken(new TxnId("123456789")))
                .isEqualTo(new Reply.LimitExceeded("idBytesMax", 8, 9));
    }

    /** Every key stands like this, and the last commit wrote to another one. */
    private static KeyHeads heads(KeyHead head) {
        return new KeyHeads() {
            @Override
            public KeyHead headOf(Key key) {
                return head;
            }

            @Override
            public @Nullable Json valueOf(Key key) {
                return head.hasValue() ? json("{\"n\":1}") : null;
            }

            @Override
            public @Nullable Change firstChangeAfter(CommitTs commitTs, Agent agent) {
                return head.commitTs().isAfter(commitTs) ? new Change(OTHER, head.version(), head.commitTs()) : null;
            }
        };
    }

    private Decision decide(KeyHead head, Operation... operations) {
        return decider.decide(commit(List.of(operations)), POINT, heads(head));
    }

    private @Nullable Reply conflict(KeyHead head, Condition condition) {
        Reply reply = decider.decide(checks(List.of(condition), List.of()), POINT, heads(head))
                .reply();
        return reply instanceof Reply.Conflict ? reply : null;
    }

    private String limit(CommitTransaction commit) {
        return decider.decide(commit, POINT, heads(WRITTEN)).reply() instanceof Reply.LimitExceeded exceeded
                ? exceeded.limit() + " " + exceeded.max() + " " + exceeded.actual()
                : "none";
    }

    private String invalid(Key key) {
        Reply reply = decide(KeyHead.NEVER, new Operation.Delete(key)).reply();
        assertThat(decider.decide(checks(List.of(new Condition.Absent(key)), List.of()), POINT, heads(KeyHead.NEVER))
                        .reply())
                .isEqualTo(reply);
        return reply instanceof Reply.Invalid broken ? broken.field() : "none";
    }

    private static CommitTransaction commit(List<Operation> operations) {
        return new CommitTransaction(new TxnId("t"), operations, List.of(), List.of(), Origin.NONE);
    }

    private static CommitTransaction checks(List<Condition> conditions, List<ReadRecord> reads) {
        return new CommitTransaction(new TxnId("t"), List.of(), conditions, reads, Origin.NONE);
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
