package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much of a store retention gives back, and what stays of every commit for ever. */
class RetainedSizeTest {
    private static final Key KEY = new Agent("ns", "ada").key("k");
    private static final int COMMITS = 200;
    private static final String LARGE = "x".repeat(1_000);

    /** Event, commitments, chain hash, digest, and what finds the commit: with short names. */
    private static final int LEFT_OF_A_COMMIT_BYTES_MAX = 350;

    private static final Set<Table> INDEXES =
            EnumSet.of(Table.AGENT_EVENTS, Table.NAMESPACE_EVENTS, Table.TRANSACTIONS);

    private final Store store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, Limits.DEFAULT);
    private final Commands commands = new Commands(state);

    @Test
    void valuesGiveTheirSpaceBackAndOfEachCommitStaysItsEventAndWhatFindsIt() {
        for (int i = 0; i < COMMITS; i++) {
            commands.write("t-" + i, new Operation.Put(KEY, Commands.json(LARGE)));
        }
        Size before = size(EnumSet.of(Table.VERSIONS, Table.JOURNAL));
        assertThat(before.bytes()).isGreaterThan(2L * COMMITS * LARGE.length());

        commands.execute(new SetRetention(new TxnId("p"), "ns", new RetentionPolicy(0, 0, 1)));
        commands.now += Limits.RETENTION_GRACE.toMillis();
        while (state.isRetentionDue(commands.now)) {
            commands.execute(new RetainDue());
        }

        assertThat(size(EnumSet.of(Table.VERSIONS)).rows()).isEqualTo(1);
        assertThat(size(EnumSet.of(Table.JOURNAL)).rows()).isEqualTo(COMMITS);
        INDEXES.forEach(index -> assertThat(size(EnumSet.of(index)).rows())
                .as("rows of " + index)
                .isEqualTo(COMMITS));
        var left = EnumSet.copyOf(INDEXES);
        left.add(Table.JOURNAL);
        long newest = 2L * LARGE.length();
        assertThat(size(left).bytes()).isLessThan(newest + (long) COMMITS * LEFT_OF_A_COMMIT_BYTES_MAX);
    }

    private record Size(long rows, long bytes) {}

    private Size size(Set<Table> tables) {
        long rows = 0;
        long bytes = 0;
        for (Table table : tables) {
            try (Cursor cursor = store.ascending(table, KeyRange.all())) {
                while (cursor.advance()) {
                    rows++;
                    bytes += cursor.key().length + cursor.value().length;
                }
            }
        }
        return new Size(rows, bytes);
    }
}
