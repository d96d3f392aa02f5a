package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.history.ReplyLedger;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import io.statehouse.statemachine.storage.Crash;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMachineTest {
    private static final Agent ADA = new Agent("default", "ada");
    private static final Key TASK = ADA.key("task");
    private static final Key OTHER = ADA.key("other");

    private long index;

    @TempDir
    Path directory;

    @Test
    void aPutCanBeRead() {
        for (Store store : List.of(new TreeStore(), RocksStore.open(directory))) {
            index = 0;
            try (StateMachine state = StateMachine.open(store, Limits.DEFAULT)) {
                Reply reply = execute(state, commit("t1", new Operation.Put(TASK, json("{\"a\":1}"))));

                assertThat(reply).isEqualTo(new Reply.Committed(new CommitTs(1), 1_000, List.of(1L), false));
                assertThat(state.view().find(TASK))
                        .isEqualTo(new Entry(json("{\"a\":1}"), 1, new CommitTs(1), 1_000, new TxnId("t1")));
            }
        }
    }

    @Test
    void aRepeatedRequestIsAnsweredAndNotRepeated() {
        try (StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT)) {
            execute(state, commit("t1", new Operation.Put(TASK, json("1"))));

            Reply again = execute(state, commit("t1", new Operation.Put(TASK, json("1"))));

            assertThat(again).isEqualTo(new Reply.Committed(new CommitTs(1), 1_000, List.of(1L), true));
            assertThat(state.view().at()).isEqualTo(new CommitTs(1));
        }
    }

    @Test
    void aResolvedIdNeverCommits() {
        try (StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT)) {
            Reply fate = execute(state, new ResolveTransaction(new TxnId("t1")));
            Reply late = execute(state, commit("t1", new Operation.Put(TASK, json("1"))));

            assertThat(fate).isEqualTo(new Reply.Aborted());
            assertThat(late).isEqualTo(new Reply.Aborted());
            assertThat(state.view().find(TASK)).isNull();
        }
    }

    @Test
    void aConflictNamesTheVersionThatStoodInTheWay() {
        try (StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT)) {
            execute(state, commit("t1", new Operation.Put(TASK, json("1"))));

            Reply reply = execute(
                    state,
                    new CommitTransaction(
                            new TxnId("t2"),
                            List.of(new Operation.Delete(TASK)),
                            List.of(new Condition.VersionEquals(TASK, 0)),
                            List.of(),
                            Origin.NONE));

            assertThat(reply).isEqualTo(new Reply.Conflict(TASK, 0, 1, new CommitTs(1)));
        }
    }

    @Test
    void aBatchThatComesAgainChangesNothing() {
        TreeStore store = new TreeStore();
        try (StateMachine state = StateMachine.open(store, Limits.DEFAULT)) {
            for (int id = 0; id < 20; id++) {
                execute(state, commit("old" + id, new Operation.Put(TASK, json("1"))));
            }
            // Log time passes the retention, so every execution has replies to forget.
            LoggedBatch batch = new LoggedBatch(
                    new Stamp(Limits.DEFAULT.txnIdRetention().toMillis() * 2, new byte[16]),
                    1,
                    1,
                    List.of(commit("new", new Operation.Put(TASK, json("2")))));
            LogPosition position = new LogPosition(1, index + 1);
            List<Reply> first = state.execute(position, batch);
            Applied before = state.progress();
            Map<String, String> rows = StoreDump.of(store);

            List<Reply> again = state.execute(position, batch);

            assertThat(first).hasSize(1);
            assertThat(again).containsExactly(ReplyLedger.repeated(first.getFirst()));
            assertThat(state.progress()).isSameAs(before);
            assertThat(StoreDump.of(store)).isEqualTo(rows);
        }
    }

    @Test
    void anEntryWithoutCommandsMovesThePositionOnlyForward() {
        RocksStore store = RocksStore.open(directory);
        StateMachine state = StateMachine.open(store, Limits.DEFAULT);
        state.skip(new LogPosition(2, 5));
        state.skip(new LogPosition(2, 4));

        assertThat(state.applied()).isEqualTo(new LogPosition(2, 5));
        assertThat(state.makeDurable()).isEqualTo(new LogPosition(2, 5));
        Crash.of(store);
        try (StateMachine again = StateMachine.open(RocksStore.open(directory), Limits.DEFAULT)) {
            assertThat(again.applied()).isEqualTo(new LogPosition(2, 5));
        }
    }

    @Test
    void whatIsInMemoryOnlyIsNeverDurable() {
        try (StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT)) {
            state.skip(new LogPosition(1, 1));

            assertThat(state.makeDurable()).isEqualTo(LogPosition.NONE);
        }
    }

    @Test
    void afterABatchThatFailedNothingIsExecutedAnyMore() {
        RocksStore store = RocksStore.open(directory);
        StateMachine state = StateMachine.open(store, Limits.DEFAULT);
        execute(state, commit("t1", new Operation.Put(TASK, json("1"))));
        Crash.of(store);

        assertThatThrownBy(() -> execute(state, commit("t2"))).isInstanceOf(StoreFailedException.class);
        assertThatThrownBy(() -> execute(state, commit("t3")))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("an earlier batch failed");
        assertThat(state.applied().index()).isEqualTo(1);
    }

    @Test
    void theFutureIsNotAView() {
        try (StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT)) {
            assertThatThrownBy(() -> state.viewAt(new CommitTs(1))).isInstanceOf(IllegalArgumentException.class);
            assertThat(state.view().at()).isEqualTo(CommitTs.ZERO);
            assertThat(state.view().wallMillis()).isZero();
        }
    }

    @Test
    void aReaderOnAnotherThreadSeesAllOfACommitOrNothingOfIt() throws InterruptedException {
        int commits = 3_000;
        try (StateMachine state = StateMachine.open(RocksStore.open(directory), Limits.DEFAULT)) {
            Thread writer = new Thread(() -> {
                for (int value = 1; value <= commits; value++) {
                    Json json = json(Integer.toString(value));
                    execute(state, commit("t" + value, new Operation.Put(TASK, json), new Operation.Put(OTHER, json)));
                }
            });
            writer.start();
            try {
                readUntil(commits, state, writer);
            } finally {
                // A database that is closed under its user takes the process with it.
                writer.join();
            }
        }
    }

    private static void readUntil(long commits, StateMachine state, Thread writer) {
        long seen = 0;
        while (seen < commits) {
            boolean isWriting = writer.isAlive();
            StateView view = state.view();
            Entry task = view.find(TASK);
            Entry other = view.find(OTHER);
            assertThat(view.at().value()).isGreaterThanOrEqualTo(seen);
            seen = view.at().value();
            assertThat(task == null ? 0 : task.version()).isEqualTo(seen);
            assertThat(other == null ? 0 : other.version()).isEqualTo(seen);
            assertThat(isWriting || seen == commits).isTrue();
        }
    }

    private Reply execute(StateMachine state, Command command) {
        index++;
        LoggedBatch batch = new LoggedBatch(new Stamp(index * 1_000, new byte[16]), 1, index, List.of(command));
        return state.execute(new LogPosition(1, index), batch).getFirst();
    }

    private static CommitTransaction commit(String id, Operation... operations) {
        return new CommitTransaction(new TxnId(id), List.of(operations), List.of(), List.of(), Origin.NONE);
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
