package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.JournalQuery.Scope;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final int FOREIGN_COMMITS = 200;

    private final StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
    private long index;

    @Test
    void aSmallNamespaceIsReadWithoutPassingByTheOthers() {
        write("small");
        for (int commit = 0; commit < FOREIGN_COMMITS; commit++) {
            write("large");
        }
        write("small");
        JournalQuery query = new JournalQuery(
                new Scope.OfNamespace(Timeline.MAIN, "small"),
                CommitTs.ZERO,
                state.view().at(),
                false);

        // A page may look at this many rows only.
        JournalPage page = state.journal().read(query, 2, 1 << 20);

        assertThat(page.events())
                .extracting(CommittedTransaction::commitTs)
                .containsExactly(new CommitTs(1), new CommitTs(FOREIGN_COMMITS + 2));
        assertThat(page.next()).isNull();
    }

    private void write(String namespace) {
        CommitTransaction commit = new CommitTransaction(
                new TxnId("t" + index),
                List.of(new Operation.Put(
                        new Agent(namespace, "a").key("k"), Json.ofTrusted("1".getBytes(StandardCharsets.UTF_8)))),
                List.of(),
                List.of(),
                Origin.NONE);
        state.execute(
                new LogPosition(1, index++),
                new LoggedBatch(new Stamp(index, new byte[16]), 1, index, List.of(commit)));
    }
}
