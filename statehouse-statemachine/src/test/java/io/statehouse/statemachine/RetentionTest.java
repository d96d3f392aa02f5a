package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.history.Provenance;
import io.statehouse.statemachine.history.Rebuild;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.history.Verification.Verdict;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.storage.ObservedStore;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final long START = Commands.START;
    private static final long GRACE = Limits.RETENTION_GRACE.toMillis();
    private static final Agent ADA = new Agent("logs", "ada");
    private static final Key HOT = ADA.key("hot");
    private static final Key COLD = ADA.key("cold");
    private static final Key ELSEWHERE = new Agent("other", "bob").key("hot");

    private static final PageRequest ALL = new PageRequest("", null, PageRequest.ALL, Long.MAX_VALUE);

    private final Store store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, Limits.DEFAULT);
    private final Commands commands = new Commands(state);

    @Test
    void byVersionsEachKeyKeepsItsOwnLastOnes() {
        set("p", new RetentionPolicy(0, 0, 3));
        put(COLD, "a");
        put(COLD, "b");
        for (int version = 1; version <= 10; version++) {
            put(HOT, "h" + version);
        }
        settle();

        assertThat(versionsOf(HOT)).containsExactly("h10", "h9", "h8");
        assertThat(versionsOf(COLD)).containsExactly("b", "a");
        // Version 8 superseded the newest of those that are gone.
        assertThat(floor()).isEqualTo(new CommitTs(10));
        assertThat(valueAt(HOT, 10)).isEqualTo("h8");
        assertThat(valueAt(COLD, 10)).isEqualTo("b");
        assertCompacted(() -> state.viewAt(new CommitTs(9)).find(COLD), 10);
        assertThatNothingIsWrong();
    }

    @Test
    void byCountTheLastCommitsOfTheNamespaceStayReadableWhateverOthersWrite() {
        set("p", new RetentionPolicy(0, 3, 0));
        for (int version = 1; version <= 10; version++) {
            put(HOT, "h" + version);
            put(ELSEWHERE, "e" + version);
        }
        settle();

        // Commits 15, 17 and 19 are the last three here.
        assertThat(floor()).isEqualTo(new CommitTs(15));
        assertThat(valueAt(HOT, 16)).isEqualTo("h8");
        assertThat(versionsOf(HOT)).containsExactly("h10", "h9", "h8");
        assertThat(versionsOf(ELSEWHERE)).hasSize(10);
        assertThat(state.retention(Timeline.MAIN, "other").floor()).isEqualTo(CommitTs.ZERO);
        assertThatNothingIsWrong();
    }

    @Test
    void byAgeWhatWasReadableThatLongAgoStaysReadableAndAnIdleStoreIsTold() {
        set("p", new RetentionPolicy(100_000, 0, 0));
        put(HOT, "h1");
        commands.now += 40_000;
        put(HOT, "h2");
        commands.now += 40_000;
        put(HOT, "h3");
        assertThat(floor()).isEqualTo(CommitTs.ZERO);
        assertThat(state.isRetentionDue(START + 99_999)).isFalse();
        assertThat(state.isRetentionDue(START + 140_000)).isTrue();

        commands.now = START + 139_999;
        execute(new RetainDue());
        assertThat(versionsOf(HOT)).containsExactly("h3", "h2", "h1");
        commands.now = START + 140_000;
        execute(new RetainDue());

        assertThat(floor()).isEqualTo(new CommitTs(2));
        assertThat(versionsOf(HOT)).containsExactly("h3", "h2");
        assertThat(state.viewAtWall(START + 40_000).at()).isEqualTo(new CommitTs(2));
        assertThat(state.isRetentionDue(START + 179_999)).isFalse();
        commands.now = START + 9_000_000;
        execute(new RetainDue());
        assertThat(versionsOf(HOT)).containsExactly("h3");
        assertThat(state.isRetentionDue(Long.MAX_VALUE)).isFalse();
        assertThatNothingIsWrong();
    }

    @Test
    void whatWasThePresentALittleWhileAgoStaysWhateverThePolicySays() {
        set("p", new RetentionPolicy(1, 1, 1));
        put(HOT, "h1");
        commands.now += 5_000;
        put(HOT, "h2");

        commands.now += GRACE - 1;
        execute(new RetainDue());
        assertThat(valueAt(HOT, 1)).isEqualTo("h1");
        assertThat(state.isRetentionDue(commands.now)).isFalse();

        commands.now += 1;
        assertThat(state.isRetentionDue(commands.now)).isTrue();
        execute(new RetainDue());
        assertThat(floor()).isEqualTo(new CommitTs(2));
    }

    @Test
    void aPolicySetLateWorksOffAllThatIsThereAndALaxerOneBringsNothingBack() {
        for (int version = 1; version <= 2_000; version++) {
            put(HOT, "h" + version);
        }
        set("p", new RetentionPolicy(0, 0, 2));
        commands.now += GRACE;
        int ticks = 0;
        while (state.isRetentionDue(commands.now)) {
            execute(new RetainDue());
            ticks++;
        }

        assertThat(ticks).isBetween(3, 20);
        assertThat(versionsOf(HOT)).containsExactly("h2000", "h1999");
        assertThat(floor()).isEqualTo(new CommitTs(1_999));
        set("q", RetentionPolicy.NONE);
        put(HOT, "h2001");
        put(HOT, "h2002");
        settle();
        assertThat(floor()).isEqualTo(new CommitTs(1_999));
        assertThat(versionsOf(HOT)).hasSize(4);
        assertThat(state.isRetentionDue(Long.MAX_VALUE)).isFalse();
        assertThatNothingIsWrong();
    }

    @Test
    void atTheFloorTheHeadStaysHoweverOldAndTombstonesToo() {
        set("p", new RetentionPolicy(1, 1, 1));
        put(COLD, "c");
        write("d", new Operation.Put(HOT, Commands.json("h")), new Operation.Delete(HOT));
        for (int times = 0; times < 5; times++) {
            commands.now += 2 * GRACE;
            put(ADA.key("k"), "k" + times);
        }

        assertThat(valueAt(COLD, state.view().at().value())).isEqualTo("c");
        Entry deleted = Objects.requireNonNull(state.view().find(HOT));
        assertThat(deleted.isTombstone()).isTrue();
        assertThat(deleted.version()).isEqualTo(2);
        assertThatNothingIsWrong();
    }

    @Test
    void whatACommitHasOverwrittenItselfStaysAsLongAsTheCommitDoes() {
        set("p", new RetentionPolicy(0, 0, 1));
        write("twice", new Operation.Put(HOT, Commands.json("h1")), new Operation.Put(HOT, Commands.json("h2")));
        settle();

        assertThat(floor()).isEqualTo(CommitTs.ZERO);
        assertThat(versionsOf(HOT)).containsExactly("h2", "h1");

        put(HOT, "h3");
        settle();
        assertThat(floor()).isEqualTo(new CommitTs(2));
        assertThat(versionsOf(HOT)).containsExactly("h3");
        assertThatNothingIsWrong();
    }

    @Test
    void aReplayBelowTheFloorIsRefusedAndFromTheFloorItIsWhole() {
        set("p", new RetentionPolicy(0, 2, 0));
        for (int version = 1; version <= 5; version++) {
            put(HOT, "h" + version);
        }
        settle();

        assertCompacted(() -> replay(3), 4);
        List<CommittedTransaction> kept = replay(4);

        assertThat(kept).hasSize(2);
        assertThat(kept.getFirst().events()).containsExactly(new Event.EntryPut(HOT, 4, Commands.json("h4")));
    }

    @Test
    void aVersionThatIsGoneIsToldFromOneThatNeverWas() {
        set("p", new RetentionPolicy(0, 0, 1));
        put(HOT, "h1");
        put(HOT, "h2");
        settle();

        assertCompacted(() -> state.view().findVersion(HOT, 1), 2);
        assertThat(state.view().findVersion(HOT, 3)).isNull();
        assertThat(state.view().findVersion(COLD, 1)).isNull();
        assertCompacted(() -> state.provenance().findWriter(HOT, 1), 2);
    }

    @Test
    void whatATransactionHadReadIsSaidToBeErased() {
        put(HOT, "h1");
        execute(new CommitTransaction(
                new TxnId("reader"),
                List.of(new Operation.Put(COLD, Commands.json("c"))),
                List.of(),
                List.of(new ReadRecord(HOT, 1), new ReadRecord(HOT, 9)),
                Origin.NONE));
        set("p", new RetentionPolicy(0, 0, 1));
        put(HOT, "h2");
        put(HOT, "h3");
        settle();

        Provenance provenance = state.provenance();
        CommittedTransaction reader = Objects.requireNonNull(provenance.find(new TxnId("reader")));
        List<Provenance.Read> reads = provenance.reads(reader, 0, 1_000).reads();

        assertThat(reads).extracting(Provenance.Read::isErased).containsExactly(true, false);
        CommittedTransaction writer = Objects.requireNonNull(state.journal().find(new CommitTs(1)));
        assertThat(writer.events()).containsExactly(new Event.EntryErased(HOT, 1, true));
    }

    @Test
    void aReadThatTheFloorComesPastIsRefusedAndNeverMixed() {
        List<Runnable> meanwhile = new ArrayList<>();
        ObservedStore.Observer interrupting = (look, table) -> {
            boolean isReader = table == Table.VERSIONS || table == Table.AGENT_EVENTS;
            boolean isFirstLook = look == ObservedStore.Look.OPEN || look == ObservedStore.Look.GET;
            if (isFirstLook && isReader && !meanwhile.isEmpty()) {
                meanwhile.removeFirst().run();
            }
        };
        StateMachine raced = StateMachine.open(new ObservedStore(new TreeStore(), interrupting), Limits.DEFAULT);
        Commands others = new Commands(raced);
        others.execute(new SetRetention(new TxnId("p"), "logs", new RetentionPolicy(0, 0, 1)));
        others.put(HOT, "h1");
        var view = raced.view();

        meanwhile.add(() -> supersede(others, "h2"));
        assertCompacted(() -> view.find(HOT), 2);
        var later = raced.view();
        meanwhile.add(() -> supersede(others, "h3"));
        assertCompacted(() -> later.scan(ADA, ALL), 3);
        meanwhile.add(() -> supersede(others, "h4"));
        JournalQuery query = new JournalQuery(
                new JournalQuery.Scope.OfAgent(ADA),
                new CommitTs(3),
                raced.view().at(),
                false);
        assertCompacted(() -> raced.journal().read(query, 10, 1_000), 4);
    }

    @Test
    void aPolicyThatIsNoneIsRefusedByName() {
        assertThat(set("a", new RetentionPolicy(-1, 0, 0))).isEqualTo(new Reply.Invalid("max_age_ms", "is negative"));
        assertThat(set("b", new RetentionPolicy(0, -1, 0))).isEqualTo(new Reply.Invalid("max_commits", "is negative"));
        assertThat(set("c", new RetentionPolicy(0, 0, -1)))
                .isEqualTo(new Reply.Invalid("keep_versions", "is negative"));
        long max = Limits.TTL_MAX.toMillis();
        assertThat(set("d", new RetentionPolicy(max + 1, 0, 0)))
                .isEqualTo(new Reply.LimitExceeded("retentionAgeMax", max, max + 1));
        assertThat(execute(new SetRetention(new TxnId("e"), "", RetentionPolicy.NONE)))
                .isEqualTo(new Reply.Invalid("namespace", "is empty"));
        assertThat(set("f", new RetentionPolicy(1, 1, 1))).isEqualTo(new Reply.RetentionSet());
        assertThat(set("f", new RetentionPolicy(1, 1, 1))).isEqualTo(new Reply.RetentionSet());
        assertThat(set("f", new RetentionPolicy(1, 1, 2))).isEqualTo(new Reply.IdReused());
    }

    @Test
    void thereIsRoomForSoManyNamespacesWithAPolicy() {
        for (int namespace = 0; namespace < Limits.RETENTION_NAMESPACES_MAX; namespace++) {
            execute(new SetRetention(new TxnId("p" + namespace), "n" + namespace, new RetentionPolicy(0, 1, 0)));
        }

        assertThat(set("more", new RetentionPolicy(0, 1, 0)))
                .isEqualTo(new Reply.LimitExceeded("retentionNamespacesMax", 1_000, 1_001));
        assertThat(execute(new SetRetention(new TxnId("again"), "n7", RetentionPolicy.NONE)))
                .isEqualTo(new Reply.RetentionSet());
        assertThat(state.retention(Timeline.MAIN, "logs").policy()).isEqualTo(RetentionPolicy.NONE);
    }

    private void put(Key key, String text) {
        commands.put(key, text);
    }

    private void write(String id, Operation... operations) {
        commands.write(id, operations);
    }

    private void settle() {
        commands.now += GRACE;
        while (state.isRetentionDue(commands.now)) {
            execute(new RetainDue());
        }
    }

    private static void supersede(Commands commands, String text) {
        commands.put(HOT, text);
        commands.now += GRACE;
        commands.execute(new RetainDue());
    }

    private Reply execute(Command command) {
        return commands.execute(command);
    }

    private Reply set(String id, RetentionPolicy policy) {
        return execute(new SetRetention(new TxnId(id), ADA.namespace(), policy));
    }

    private CommitTs floor() {
        return state.retention(Timeline.MAIN, ADA.namespace()).floor();
    }

    private List<String> versionsOf(Key key) {
        return state.view().versions(key, Long.MAX_VALUE, 1_000, Long.MAX_VALUE).stream()
                .map(RetentionTest::text)
                .toList();
    }

    private String valueAt(Key key, long at) {
        return text(Objects.requireNonNull(state.viewAt(new CommitTs(at)).find(key)));
    }

    private static String text(Entry entry) {
        return String.valueOf(entry.value()).replace("\"", "");
    }

    private List<CommittedTransaction> replay(long from) {
        JournalQuery query = new JournalQuery(
                new JournalQuery.Scope.OfAgent(ADA),
                new CommitTs(from),
                state.view().at(),
                false);
        return state.journal().read(query, 1_000, 1 << 20).events();
    }

    private static void assertCompacted(ThrowingCallable question, long oldest) {
        assertThatThrownBy(question)
                .isInstanceOfSatisfying(
                        CompactedException.class, e -> assertThat(e.oldest()).isEqualTo(new CommitTs(oldest)));
    }

    private void assertThatNothingIsWrong() {
        try (Verification verification = state.verify(CommitTs.ZERO)) {
            Verdict verdict = verification.next(1_000).verdict();
            while (verdict == null) {
                verdict = verification.next(1_000).verdict();
            }
            assertThat(verdict.reason()).isEmpty();
        }
        TreeStore rebuilt = new TreeStore();
        assertThat(Rebuild.run(store, rebuilt).isSame()).isTrue();
        assertThat(StoreDump.of(rebuilt)).isEqualTo(StoreDump.of(store));
    }
}
