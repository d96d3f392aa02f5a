package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyLedgerTest {
    private static final Key TASK = new Agent("default", "ada").key("task");
    private static final long RETENTION = Limits.DEFAULT.txnIdRetention().toMillis();
    private static final long START = 1_800_000_000_000L;
    private static final String UUID_OF_START = "01a3185c-5000-7abc-8def-0123456789ab";

    private final TreeStore store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, Limits.DEFAULT);
    private long index;

    @Test
    void aRepeatedCommitIsAnsweredWithTheReplyOfThen() {
        execute(START, put("t1", "1"));
        execute(START + 5, put("t2", "2"));

        Reply again = execute(START + 10, put("t1", "1"));

        assertThat(again).isEqualTo(new Reply.Committed(new CommitTs(1), START, List.of(1L), true));
        assertThat(state.view().at()).isEqualTo(new CommitTs(2));
    }

    @Test
    void aRepetitionInTheSameBatchIsOneToo() {
        List<Reply> replies = state.execute(
                new LogPosition(1, 0),
                new LoggedBatch(new Stamp(START, new byte[16]), 1, 1, List.of(put("t1", "1"), put("t1", "1"))));

        assertThat(replies)
                .containsExactly(
                        new Reply.Committed(new CommitTs(1), START, List.of(1L), false),
                        new Reply.Committed(new CommitTs(1), START, List.of(1L), true));
    }

    @Test
    void aRefusalIsKeptEvenWhenItsReasonIsGone() {
        CommitTransaction conditional = new CommitTransaction(
                new TxnId("t1"),
                List.of(new Operation.Put(TASK, json("1"))),
                List.of(new Condition.Exists(TASK)),
                List.of(),
                Origin.NONE);
        Reply first = execute(START, conditional);
        execute(START, put("t2", "2"));

        assertThat(first).isInstanceOf(Reply.Conflict.class);
        assertThat(execute(START, conditional)).isEqualTo(first);
        assertThat(state.fate(new TxnId("t1"))).isEqualTo(first);
    }

    @Test
    void otherContentsUnderAUsedIdAreRefused() {
        execute(START, put("t1", "1"));

        assertThat(execute(START, put("t1", "2"))).isEqualTo(new Reply.IdReused());
        assertThat(execute(START, commit("t1", List.of(new Operation.Delete(TASK)), List.of())))
                .isEqualTo(new Reply.IdReused());
        assertThat(execute(
                        START,
                        commit("t1", List.of(new Operation.Put(TASK, json("1"))), List.of(new ReadRecord(TASK, 0)))))
                .isEqualTo(new Reply.IdReused());
        assertThat(state.view().at()).isEqualTo(new CommitTs(1));
    }

    @Test
    void anotherTraceIsTheSameRequest() {
        execute(START, put("t1", "1"));

        Reply again = execute(
                START,
                new CommitTransaction(
                        new TxnId("t1"),
                        List.of(new Operation.Put(TASK, json("1"))),
                        List.of(),
                        List.of(),
                        new Origin("ada", "another trace", List.of())));

        assertThat(again).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void resolvingTellsWhatHappenedAndOtherwiseEndsIt() {
        execute(START, put("t1", "1"));

        assertThat(execute(START, new ResolveTransaction(new TxnId("t1"))))
                .isEqualTo(new Reply.Committed(new CommitTs(1), START, List.of(1L), true));
        assertThat(execute(START, new ResolveTransaction(new TxnId("t2")))).isEqualTo(new Reply.Aborted());
        assertThat(execute(START, put("t2", "2"))).isEqualTo(new Reply.Aborted());
        assertThat(execute(START, new ResolveTransaction(new TxnId("t2")))).isEqualTo(new Reply.Aborted());
        assertThat(state.fate(new TxnId("t3"))).isNull();
    }

    @Test
    void aReplyIsKeptForTheWholeRetentionOfLogTime() {
        execute(START, put("t1", "1"));

        assertThat(execute(START + RETENTION, put("t1", "1")))
                .isEqualTo(new Reply.Committed(new CommitTs(1), START, List.of(1L), true));
        assertThat(state.view().at()).isEqualTo(new CommitTs(1));
        execute(START + RETENTION + 1, put("t2", "2"));
        assertThat(state.fate(new TxnId("t1"))).isNull();
        assertThat(execute(START + RETENTION + 1, put("t1", "1")))
                .isEqualTo(new Reply.Committed(new CommitTs(3), START + RETENTION + 1, List.of(3L), false));
    }

    @Test
    void anIdThatSaysItIsOlderThanTheRetentionIsNotTakenForANewOne() {
        execute(START, put(UUID_OF_START, "1"));
        execute(START + RETENTION + 1, put("t2", "2"));

        assertThat(execute(START + RETENTION + 1, put(UUID_OF_START, "1")))
                .isEqualTo(new Reply.IdExpired(START, START + 1));
        assertThat(execute(START + RETENTION + 1, put(UUID_OF_START + "@n1", "1")))
                .isEqualTo(new Reply.IdExpired(START, START + 1));
        assertThat(execute(START + RETENTION + 1, new ResolveTransaction(new TxnId(UUID_OF_START))))
                .isEqualTo(new Reply.IdExpired(START, START + 1));
        assertThat(state.view().at()).isEqualTo(new CommitTs(2));
    }

    @Test
    void anOldIdThatWasFirstUsedLatelyIsStillAnswered() {
        execute(START + RETENTION - 1, put(UUID_OF_START, "1"));

        assertThat(execute(START + RETENTION + 1, put(UUID_OF_START, "1"))).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void forgottenRepliesAreDeletedAFewPerCommand() {
        int replies = 100;
        for (int id = 0; id < replies; id++) {
            execute(START, id % 2 == 0 ? put("t" + id, "1") : new ResolveTransaction(new TxnId("t" + id)));
        }
        assertThat(rows(Table.LEDGER)).isEqualTo(replies);

        execute(START + RETENTION + 1, put("new", "1"));
        assertThat(rows(Table.LEDGER)).isEqualTo(replies - 4 + 1);

        for (int id = 0; id < replies; id++) {
            execute(START + RETENTION + 1, put("later" + id, "1"));
        }
        assertThat(rows(Table.LEDGER)).isEqualTo(replies + 1);
        assertThat(rows(Table.REFUSALS)).isZero();
    }

    @Test
    void anIdUsedAgainAfterItWasForgottenIsKeptAsLongAsAnyOther() {
        execute(START, put("t1", "1"));
        execute(START, new ResolveTransaction(new TxnId("t2")));
        long later = START + RETENTION + 1;
        state.execute(
                new LogPosition(1, index++),
                new LoggedBatch(new Stamp(later, new byte[16]), 1, 1, List.of(put("t1", "9"), put("t2", "9"))));
        for (int id = 0; id < 10; id++) {
            execute(later, put("other" + id, "1"));
        }

        assertThat(execute(later + RETENTION, put("t1", "9")))
                .isEqualTo(new Reply.Committed(new CommitTs(2), later, List.of(2L), true));
        assertThat(execute(later + RETENTION, put("t2", "8"))).isEqualTo(new Reply.IdReused());
    }

    @Test
    void aClockThatGoesBackForgetsNothingEarlierAndNothingLater() {
        execute(START + 1_000, put("t1", "1"));

        assertThat(execute(START, put("t2", "2")))
                .isEqualTo(new Reply.Committed(new CommitTs(2), START + 1_000, List.of(2L), false));
    }

    private long rows(Table table) {
        long rows = 0;
        try (Cursor cursor = store.ascending(table, KeyRange.all())) {
            while (cursor.advance()) {
                rows++;
            }
        }
        return rows;
    }

    private Reply execute(long wallMillis, Command command) {
        LoggedBatch batch = new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, index, List.of(command));
        return state.execute(new LogPosition(1, index++), batch).getFirst();
    }

    private static CommitTransaction put(String id, String value) {
        return commit(id, List.of(new Operation.Put(TASK, json(value))), List.of());
    }

    private static CommitTransaction commit(String id, List<Operation> operations, List<ReadRecord> reads) {
        return new CommitTransaction(new TxnId(id), operations, List.of(), reads, Origin.NONE);
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
