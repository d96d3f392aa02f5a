package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.codec.RetentionCodec;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewindTest {
    private static final int BATCHES = 400;
    private static final int POINTS = 12;
    private static final int BATCHES_AFTERWARDS = 60;

    private final Random random = Seed.random(RewindTest.class);
    private final RandomLog log = new RandomLog(random);
    private final List<LoggedBatch> batches = new ArrayList<>();
    private final List<Applied> progress = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void everyPointIsTheStoreThatHadNotGoneFurther() {
        TreeStore end = run();
        List<LoggedBatch> next = Stream.generate(() -> withoutRetention(3))
                .limit(BATCHES_AFTERWARDS)
                .toList();
        for (int point = 0; point < POINTS; point++) {
            int last = lastBatchOfSomePoint();
            TreeStore then = new TreeStore();
            StateMachine thenState = executed(then, batches.subList(0, last + 1));
            CommitTs at = progress.get(last).commitTs();
            TreeStore rewound = copy(end);

            Applied applied = Rewind.run(rewound, at);

            assertThat(applied.commitTs()).isEqualTo(at);
            assertThat(applied.wallMillis()).isEqualTo(thenState.progress().wallMillis());
            assertThat(applied.logWallMillis()).isEqualTo(thenState.progress().logWallMillis());
            assertThat(applied.digest()).isEqualTo(thenState.progress().digest());
            assertThat(applied.chainHash()).isEqualTo(thenState.progress().chainHash());
            assertThat(factsOf(rewound)).isEqualTo(factsOf(then));
            assertThat(rowsOf(Table.LEDGER, then)).containsAllEntriesOf(rowsOf(Table.LEDGER, rewound));
            try (StateMachine state = StateMachine.open(rewound, RandomLog.LIMITS)) {
                assertThat(verdict(state).isIntact()).isTrue();
                goOnAlike(state, thenState, next);
            }
        }
    }

    @Test
    void aStoreOnADiskIsTakenBackTooAndKeepsItWhenItIsOpenedAgain() {
        TreeStore end = run();
        int last = lastBatchOfSomePoint();
        CommitTs at = progress.get(last).commitTs();
        Path path = directory.resolve("database");
        try (RocksStore disk = RocksStore.open(path)) {
            Rebuild.run(end, disk);
            Rewind.run(disk, at);
        }

        TreeStore then = new TreeStore();
        executed(then, batches.subList(0, last + 1));
        try (RocksStore disk = RocksStore.openReadOnly(path)) {
            assertThat(factsOf(disk)).isEqualTo(factsOf(then));
        }
    }

    @Test
    void aPointThatHasNotHappenedIsRefusedAndNothingIsTakenBack() {
        TreeStore end = run();
        SortedMap<String, String> before = StoreDump.of(end);
        CommitTs beyond = progress.get(BATCHES - 1).commitTs().next();

        assertThatThrownBy(() -> Rewind.run(end, beyond)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rewind.run(end, CommitTs.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(StoreDump.of(end)).isEqualTo(before);
    }

    private TreeStore run() {
        TreeStore store = new TreeStore();
        StateMachine state = StateMachine.open(store, RandomLog.LIMITS);
        for (int index = 0; index < BATCHES; index++) {
            batches.add(withoutRetention(1));
            state.execute(new LogPosition(1, index), batches.get(index));
            progress.add(state.progress());
        }
        return store;
    }

    /** What retention has let go of the store that went further, it has not of the one that did not. */
    private LoggedBatch withoutRetention(int commands) {
        while (true) {
            LoggedBatch batch = log.batch(commands);
            List<Command> kept = batch.commands().stream()
                    .filter(command -> !isKeptWhateverThePoint(command))
                    .toList();
            if (!kept.isEmpty()) {
                return new LoggedBatch(batch.stamp(), batch.proposerId(), batch.batchId(), kept);
            }
        }
    }

    @Test
    void whatRetentionHasLetGoCannotBeHadAndTheRestIsSound() {
        TreeStore end = new TreeStore();
        StateMachine state = StateMachine.open(end, RandomLog.LIMITS);
        for (int index = 0; index < BATCHES; index++) {
            state.execute(new LogPosition(1, index), log.batch(3));
        }
        CommitTs floor = highestFloor(end);
        CommitTs last = state.progress().commitTs();
        for (long at = Math.max(1, floor.value() - 2); at <= last.value(); at += 1 + random.nextInt(40)) {
            CommitTs to = new CommitTs(at);
            TreeStore rewound = copy(end);
            if (to.value() < floor.value()) {
                assertThatThrownBy(() -> Rewind.run(rewound, to)).hasMessageContaining("is kept since commit");
                assertThat(StoreDump.of(rewound)).isEqualTo(StoreDump.of(end));
                continue;
            }
            Rewind.run(rewound, to);
            try (StateMachine then = StateMachine.open(rewound, RandomLog.LIMITS)) {
                assertThat(verdict(then).isIntact()).isTrue();
                for (int index = 0; index < BATCHES_AFTERWARDS; index++) {
                    then.execute(new LogPosition(2, BATCHES + index), log.batch(3));
                }
                assertThat(verdict(then).isIntact()).isTrue();
            }
        }
    }

    private static CommitTs highestFloor(TreeStore store) {
        CommitTs highest = CommitTs.ZERO;
        try (Cursor cursor = store.ascending(Table.RETENTION, KeyRange.all())) {
            while (cursor.advance()) {
                CommitTs floor = RetentionCodec.decode(cursor.value()).floor();
                highest = floor.isAfter(highest) ? floor : highest;
            }
        }
        return highest;
    }

    private static StateMachine executed(TreeStore store, List<LoggedBatch> first) {
        StateMachine state = StateMachine.open(store, RandomLog.LIMITS);
        for (int index = 0; index < first.size(); index++) {
            state.execute(new LogPosition(1, index), first.get(index));
        }
        return state;
    }

    /** One that committed, and after which time went on: replies of one instant cannot be told apart. */
    private int lastBatchOfSomePoint() {
        while (true) {
            int index = 1 + random.nextInt(BATCHES - 2);
            Applied here = progress.get(index);
            boolean hasCommitted =
                    here.commitTs().isAfter(progress.get(index - 1).commitTs());
            if (hasCommitted && progress.get(index + 1).logWallMillis() > here.logWallMillis()) {
                return index;
            }
        }
    }

    private static TreeStore copy(TreeStore store) {
        TreeStore copy = new TreeStore();
        Rebuild.run(store, copy);
        return copy;
    }

    /** Kept replies are forgotten in between; deadlines of values that were overwritten are passed over either way. */
    private static Map<String, String> factsOf(io.statehouse.statemachine.storage.Store store) {
        return StoreDump.of(store).entrySet().stream()
                .filter(row -> !row.getKey().startsWith(Table.LEDGER + " "))
                .filter(row -> !row.getKey().startsWith(Table.REFUSALS + " "))
                .filter(row -> !row.getKey().startsWith(Table.DEADLINES + " "))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, two) -> one, TreeMap::new));
    }

    private static Map<String, String> rowsOf(Table table, TreeStore store) {
        return StoreDump.of(store).entrySet().stream()
                .filter(row -> row.getKey().startsWith(table + " "))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Verification.Verdict verdict(StateMachine state) {
        try (Verification verification = state.verify(CommitTs.ZERO)) {
            while (true) {
                Verification.Verdict verdict = verification.next(1_000).verdict();
                if (verdict != null) {
                    return verdict;
                }
            }
        }
    }

    private static void goOnAlike(StateMachine rewound, StateMachine then, List<LoggedBatch> next) {
        long index = BATCHES;
        for (LoggedBatch batch : next) {
            LogPosition position = new LogPosition(2, index++);
            assertThat(rewound.execute(position, batch)).isEqualTo(then.execute(position, batch));
        }
        assertThat(rewound.digest()).isEqualTo(then.digest());
        assertThat(rewound.chainHash()).isEqualTo(then.chainHash());
    }

    /** Policies and tokens stay as they are when a store is taken back. */
    private static boolean isKeptWhateverThePoint(Command command) {
        return command instanceof SetRetention
                || command instanceof SetQuota
                || command instanceof CreateToken
                || command instanceof RevokeToken;
    }
}
