package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final long START = 1_800_000_000_000L;
    private static final Agent ADA = new Agent("default", "ada");
    private static final Key LEASE = ADA.key("lease");
    private static final Key OTHER = ADA.key("other");
    private static final Json ONE = Json.ofTrusted("1".getBytes(StandardCharsets.UTF_8));
    private static final PageRequest ALL = new PageRequest("", null, PageRequest.ALL, Long.MAX_VALUE);

    private final TreeStore store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, Limits.DEFAULT);
    private long index;

    @Test
    void aKeyLosesItsValueByAnEventOfItsOwnWhenLogTimeReachesTheDeadline() {
        execute(START, put("t1", LEASE, 1_000));
        execute(START + 999, put("t2", OTHER, 0));
        assertThat(entry(state.view(), LEASE).value()).isEqualTo(ONE);

        execute(START + 1_000, put("t3", OTHER, 0));

        assertThat(entry(state.view(), LEASE))
                .isEqualTo(new Entry(null, 2, new CommitTs(3), START + 1_000, new TxnId("expiry-3")));
        CommittedTransaction expiry = Objects.requireNonNull(state.journal().find(new CommitTs(3)));
        assertThat(expiry.events()).containsExactly(new Event.EntryDeleted(LEASE, 2, true));
        assertThat(entry(state.viewAt(new CommitTs(2)), LEASE).value()).isEqualTo(ONE);
        assertThat(entry(state.viewAt(new CommitTs(1)), LEASE).expiresMillis()).isEqualTo(START + 1_000);
    }

    @Test
    void aKeyWrittenAgainWithoutADeadlineKeepsItsValue() {
        execute(START, put("t1", LEASE, 1_000));
        execute(START + 500, put("t2", LEASE, 0));

        execute(START + 5_000, put("t3", OTHER, 0));

        assertThat(entry(state.view(), LEASE).version()).isEqualTo(2);
        assertThat(entry(state.view(), LEASE).value()).isEqualTo(ONE);
        assertThat(store.first(Table.DEADLINES, KeyRange.all())).isNull();
    }

    @Test
    void anIdleStoreIsToldThatTimeHasPassed() {
        execute(START, put("t1", LEASE, 1_000));
        assertThat(state.nextDeadlineMillis()).isEqualTo(START + 1_000);

        assertThat(execute(START + 999, new ExpireDue())).isEqualTo(new Reply.Done());
        assertThat(entry(state.view(), LEASE).value()).isEqualTo(ONE);
        assertThat(execute(START + 1_000, new ExpireDue())).isEqualTo(new Reply.Done());

        assertThat(entry(state.view(), LEASE).isTombstone()).isTrue();
        assertThat(state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(state.view().at()).isEqualTo(new CommitTs(2));
    }

    @Test
    void aBacklogIsWorkedOffOverManyCommandsAndNoViewShowsWhatIsDue() {
        for (int key = 0; key < 200; key++) {
            execute(START, put("p" + key, ADA.key("k" + key), 1_000));
        }

        execute(START + 1_000, put("t1", OTHER, 0));
        assertThat(expired()).hasSize(64);
        assertThat(state.view().keys(ADA, ALL).items()).containsExactly("other");
        assertThat(state.view().scan(ADA, ALL).items()).hasSize(1);
        assertThat(entry(state.view(), ADA.key("k150")).isTombstone()).isTrue();
        assertThat(entry(state.viewAt(new CommitTs(200)), ADA.key("k150")).isTombstone())
                .isFalse();

        execute(START + 1_000, new ExpireDue());
        assertThat(expired()).hasSize(200);
    }

    @Test
    void aConditionSeesTheDeadlineAlsoWhereItsEventIsYetToCome() {
        for (int key = 0; key < 100; key++) {
            execute(START, put("p" + key, ADA.key("k" + key), 1_000));
        }
        CommitTransaction take = new CommitTransaction(
                new TxnId("take"),
                List.of(new Operation.Put(ADA.key("k99"), ONE)),
                List.of(new Condition.Absent(ADA.key("k99"))),
                List.of(),
                Origin.NONE);

        Reply reply = execute(START + 1_000, take);

        assertThat(reply).isInstanceOf(Reply.Committed.class);
        execute(START + 1_000, new ExpireDue());
        assertThat(entry(state.view(), ADA.key("k99")).value()).isEqualTo(ONE);
    }

    @Test
    void aTimeToLiveThatIsNoneIsRefused() {
        assertThat(execute(START, put("t1", LEASE, -1))).isEqualTo(new Reply.Invalid("ttl_ms", "is negative"));
        long max = Limits.TTL_MAX.toMillis();
        assertThat(execute(START, put("t2", LEASE, max + 1)))
                .isEqualTo(new Reply.LimitExceeded("ttlMax", max, max + 1));
        assertThat(execute(START, put("t3", LEASE, max))).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void anotherTimeToLiveIsAnotherRequest() {
        execute(START, put("t1", LEASE, 1_000));

        assertThat(execute(START, put("t1", LEASE, 2_000))).isEqualTo(new Reply.IdReused());
        assertThat(execute(START, put("t1", LEASE, 0))).isEqualTo(new Reply.IdReused());
        assertThat(execute(START, put("t1", LEASE, 1_000))).isInstanceOf(Reply.Committed.class);
    }

    private List<Event> expired() {
        JournalQuery query = new JournalQuery(
                new JournalQuery.Scope.Whole(), CommitTs.ZERO, state.view().at(), false);
        List<Event> expired = new ArrayList<>();
        for (CommittedTransaction commit :
                state.journal().read(query, Integer.MAX_VALUE, Long.MAX_VALUE).events()) {
            commit.events().stream()
                    .filter(event -> event instanceof Event.EntryDeleted deleted && deleted.isExpiry())
                    .forEach(expired::add);
        }
        return expired;
    }

    private static Entry entry(StateView view, Key key) {
        return Objects.requireNonNull(view.find(key));
    }

    private Reply execute(long wallMillis, Command command) {
        LoggedBatch batch = new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, index, List.of(command));
        return state.execute(new LogPosition(1, index++), batch).getFirst();
    }

    private static CommitTransaction put(String id, Key key, long ttlMillis) {
        return new CommitTransaction(
                new TxnId(id), List.of(new Operation.Put(key, ONE, ttlMillis)), List.of(), List.of(), Origin.NONE);
    }
}
