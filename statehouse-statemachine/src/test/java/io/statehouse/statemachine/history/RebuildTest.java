package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildTest {
    private static final int BATCHES = 300;

    private final TreeStore original = new TreeStore();
    private final StateMachine state = StateMachine.open(original, RandomLog.LIMITS);
    private final RandomLog log = new RandomLog(Seed.random(RebuildTest.class));
    private long index;

    @TempDir
    private Path directory;

    @Test
    void theJournalAloneMakesTheSameRowsAndTheNewStoreGoesOnWhereTheOldOneStood() {
        run();
        RocksStore made = RocksStore.open(directory.resolve("rebuilt"));

        Rebuild.Outcome outcome = Rebuild.run(original, made);

        assertThat(outcome).isEqualTo(new Rebuild.Outcome(state.view().at(), true, null));
        assertThat(StoreDump.of(made)).isEqualTo(StoreDump.of(original));
        try (StateMachine other = StateMachine.open(made, RandomLog.LIMITS)) {
            LoggedBatch next = log.batch(5);
            LogPosition position = new LogPosition(1, index++);
            assertThat(other.execute(position, next)).isEqualTo(state.execute(position, next));
            assertThat(other.digest()).isEqualTo(state.digest());
        }
    }

    @Test
    void aRowThatDoesNotFollowFromTheJournalIsTold() {
        run();
        Row row = Objects.requireNonNull(original.first(Table.KEYS, KeyRange.all()));
        try (WriteUnit unit = new WriteUnit(original)) {
            unit.put(Table.KEYS, row.key(), KeyCodec.ofNumber(9_999));
            original.write(unit);
        }

        Rebuild.Outcome outcome = Rebuild.run(original, new TreeStore());

        assertThat(outcome.isSame()).isFalse();
        assertThat(outcome.firstDiffering()).isEqualTo(Table.KEYS);
    }

    @Test
    void aStoreThatHoldsSomethingIsNotRebuiltInto() {
        run();

        assertThatThrownBy(() -> Rebuild.run(original, original)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStoreOfAnEarlierReleaseGetsItsIndexesAtTheNextStart() {
        run();
        List<Table> indexes = List.of(Table.NAMESPACE_EVENTS, Table.TRANSACTIONS, Table.READERS, Table.HEADS);
        TreeStore earlier = new TreeStore();
        EarlierRelease.copyWithout(indexes, original, earlier);
        assertThat(StoreDump.of(earlier)).isNotEqualTo(StoreDump.of(original));

        StateMachine.open(earlier, RandomLog.LIMITS);

        assertThat(StoreDump.of(earlier)).isEqualTo(StoreDump.of(original));
    }

    @Test
    void whatAnEarlierReleaseLeftSayingOfMissingHeadsIsNotBelieved() {
        run();
        TreeStore earlier = new TreeStore();
        EarlierRelease.copyWithAllHeads(original, earlier);
        assertThat(earlier.get(Table.META, AppliedCodec.headsKey())).isNotNull();

        StateMachine.open(earlier, RandomLog.LIMITS);

        assertThat(earlier.get(Table.META, AppliedCodec.headsKey())).isNull();
        assertThat(StoreDump.of(earlier)).isEqualTo(StoreDump.of(original));
    }

    @Test
    void aDatabaseThatLacksHeadsIsRebuiltAndComparedWithThem() {
        run();
        assertThat(AppliedCodec.headsUpTo(original)).isNotNull();
        assertThat(original.first(Table.HEADS, KeyRange.all())).isNull();

        assertThat(Rebuild.run(original, new TreeStore()).isSame()).isTrue();
    }

    private void run() {
        for (int batch = 0; batch < BATCHES; batch++) {
            state.execute(new LogPosition(1, index++), log.batch(5));
        }
    }
}
