package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.Verification.Progress;
import io.statehouse.statemachine.history.Verification.Verdict;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
    private static final int BATCHES = 60;
    private static final int COMMANDS = 5;

    /** What follows from the journal row by row. */
    private static final Set<Table> DERIVED = EnumSet.of(
            Table.VERSIONS,
            Table.JOURNAL,
            Table.AGENT_EVENTS,
            Table.NAMESPACE_EVENTS,
            Table.TRANSACTIONS,
            Table.READERS,
            Table.KEYS,
            Table.HEADS,
            Table.AGENTS,
            Table.NAMESPACES);

    private final Random random = Seed.random(VerificationTest.class);
    private final RandomLog log = new RandomLog(random);
    private long index;

    @TempDir
    private Path directory;

    @Test
    void aStoreThatApplyWroteIsIntactFromAnyCommitAndInPagesOfAnySize() {
        StateMachine state = run(
                new TreeStore(),
                new RecentHeads.Bounds(random.nextInt(60), 1 + random.nextInt(BATCHES * COMMANDS), 1 << 20));
        long last = state.view().at().value();

        for (long from = 0; from <= last + 1; from += 1 + random.nextInt(9)) {
            Verdict verdict = verdict(state, new CommitTs(from), 1 + random.nextInt(50));

            assertThat(verdict.reason()).isEmpty();
            assertThat(verdict.isIntact()).isTrue();
            assertThat(verdict.digest()).isEqualTo(state.digest());
            assertThat(verdict.chainHash()).isEqualTo(state.chainHash());
        }
    }

    @Test
    void anEmptyStoreIsIntact() {
        assertThat(verdict(StateMachine.open(new TreeStore(), RandomLog.LIMITS), CommitTs.ZERO, 1)
                        .isIntact())
                .isTrue();
    }

    @Test
    void whateverByteOfWhateverDerivedRowIsChangedTheStoreIsNotIntact() {
        for (Table table : DERIVED) {
            for (int attempt = 0; attempt < 8; attempt++) {
                Store store = new TreeStore();
                StateMachine state = run(store);
                Row row = anyRow(store, table);
                byte[] forged = row.value().clone();
                if (forged.length > 0) {
                    forged[random.nextInt(forged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                put(store, table, row.key(), forged.length > 0 ? forged : new byte[] {1});

                assertThat(verdict(state, CommitTs.ZERO, 7).isIntact())
                        .as("%s", table)
                        .isFalse();
            }
        }
    }

    @Test
    void whateverDerivedRowIsMissingTheStoreIsNotIntact() {
        for (Table table : DERIVED) {
            Store store = new TreeStore();
            StateMachine state = run(store);
            delete(store, table, anyRow(store, table).key());

            assertThat(verdict(state, CommitTs.ZERO, 7).isIntact())
                    .as("%s", table)
                    .isFalse();
        }
    }

    @Test
    void aHeadMayBeMissingWhileItsCommitIsLateAndNotAfterwards() {
        int tried = 0;
        while (tried < 10) {
            Store store = new TreeStore();
            StateMachine state = run(store, new RecentHeads.Bounds(1 + random.nextInt(BATCHES), 1 << 10, 1 << 20));
            CommitTs upTo = AppliedCodec.headsUpTo(store);
            List<Row> heads = rows(store, Table.HEADS);
            if (upTo == null || heads.isEmpty()) {
                continue;
            }
            byte[] key = heads.get(random.nextInt(heads.size())).key();
            delete(store, Table.HEADS, key);
            Row newest = Objects.requireNonNull(store.first(Table.VERSIONS, KeyRange.ofPrefix(key)));
            boolean isLate = KeyCodec.commitTsOfVersion(newest.key()).isAfter(upTo);

            assertThat(verdict(state, CommitTs.ZERO, 7).isIntact()).isEqualTo(isLate);
            tried++;
        }
    }

    @Test
    void theFirstBadCommitIsNamed() {
        Store store = new TreeStore();
        StateMachine state = run(store);
        CommitTs bad = new CommitTs(2 + random.nextInt((int) state.view().at().value() - 2));
        byte[] at = KeyCodec.ofNumber(bad.value());
        byte[] row = store.get(Table.JOURNAL, at);
        byte[] later = store.get(Table.JOURNAL, KeyCodec.ofNumber(bad.value() - 1));
        assertThat(row).isNotNull();
        put(store, Table.JOURNAL, at, later == null ? new byte[0] : later);

        Verdict verdict = verdict(state, CommitTs.ZERO, 7);

        assertThat(verdict.firstBad()).isEqualTo(bad);
        assertThat(verdict.reason()).contains("commit " + (bad.value() - 1));
    }

    @Test
    void aVersionThatNoEventMadeIsFoundByItsSumAndNamed() {
        Store store = new TreeStore();
        StateMachine state = run(store);
        Row row = anyRow(store, Table.VERSIONS);
        CommitTs claimed = KeyCodec.commitTsOfVersion(row.key());
        byte[] key =
                KeyCodec.ofVersion(Arrays.copyOf(row.key(), row.key().length - KeyCodec.VERSION_BYTES), claimed, 9_999);
        put(store, Table.VERSIONS, key, row.value());

        Verdict verdict = verdict(state, CommitTs.ZERO, 7);

        assertThat(verdict.firstBad()).isEqualTo(claimed);
        assertThat(verdict.reason()).contains("no event");
    }

    @Test
    void aNodeServesOnWhileItIsVerified() {
        RocksStore store = RocksStore.open(directory.resolve("serving"));
        try (StateMachine state = run(store)) {
            CommitTs target = state.view().at();
            try (Verification verification = state.verify(CommitTs.ZERO)) {
                Progress progress = verification.next(3);
                while (progress.verdict() == null) {
                    state.execute(new LogPosition(1, index++), log.batch(COMMANDS));
                    progress = verification.next(3);
                }
                assertThat(progress.verdict().isIntact()).isTrue();
                assertThat(progress.target()).isEqualTo(target);
            }
            assertThat(state.view().at().isAfter(target)).isTrue();
        }
    }

    @Test
    void aStoreThatIsClosedUnderAVerificationDoesNotTakeTheProcessWithIt() {
        RocksStore store = RocksStore.open(directory.resolve("closed"));
        StateMachine state = run(store);
        Verification verification = state.verify(CommitTs.ZERO);
        verification.next(1);

        state.close();

        assertThatThrownBy(() -> verification.next(1)).isInstanceOf(IllegalStateException.class);
        verification.close();
    }

    private StateMachine run(Store store) {
        return run(store, RecentHeads.Bounds.NOTHING);
    }

    private StateMachine run(Store store, RecentHeads.Bounds bounds) {
        StateMachine state = StateMachine.open(store, RandomLog.LIMITS, bounds);
        for (int batch = 0; batch < BATCHES; batch++) {
            state.execute(new LogPosition(1, index++), log.batch(COMMANDS));
        }
        return state;
    }

    private static Verdict verdict(StateMachine state, CommitTs from, int rowsMax) {
        try (Verification verification = state.verify(from)) {
            while (true) {
                Verdict verdict = verification.next(rowsMax).verdict();
                if (verdict != null) {
                    return verdict;
                }
            }
        }
    }

    private Row anyRow(Store store, Table table) {
        List<Row> rows = rows(store, table);
        return rows.get(random.nextInt(rows.size()));
    }

    private static List<Row> rows(Store store, Table table) {
        List<Row> rows = new ArrayList<>();
        try (Cursor cursor = store.ascending(table, KeyRange.all())) {
            while (cursor.advance()) {
                if (table != Table.JOURNAL || hasValue(cursor.value())) {
                    rows.add(new Row(cursor.key(), cursor.value()));
                }
            }
        }
        return rows;
    }

    /**
     * The salt of a commit without values hides nothing, so nothing tells whether it is the one of then. Nor does anything
     * about a digest once versions that it counts are gone.
     */
    private static boolean hasValue(byte[] journalRow) {
        boolean hasErased =
                JournalCodec.decode(journalRow).events().stream().anyMatch(Event.EntryErased.class::isInstance);
        return !hasErased
                && JournalCodec.decode(journalRow).events().stream().anyMatch(Event.EntryPut.class::isInstance);
    }

    private static void put(Store store, Table table, byte[] key, byte[] value) {
        try (WriteUnit unit = new WriteUnit(store)) {
            unit.put(table, key, value);
            store.write(unit);
        }
    }

    private static void delete(Store store, Table table, byte[] key) {
        try (WriteUnit unit = new WriteUnit(store)) {
            unit.delete(table, key);
            store.write(unit);
        }
    }
}
