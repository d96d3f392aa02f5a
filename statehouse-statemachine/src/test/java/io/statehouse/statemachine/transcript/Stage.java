package io.statehouse.statemachine.transcript;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A state machine in memory that a transcript plays on. */
final class Stage {
    /** Small, so that a transcript can show what lies beyond them. */
    private static final Limits LIMITS = new Limits(40, 12, 32, 200, 4, 80, 3, 3, 24, Duration.ofSeconds(60));

    private static final int SHOWN_HASH_BYTES = 4;

    private final TreeStore store = new TreeStore();
    private final StateMachine state = StateMachine.open(store, LIMITS);
    private long index;

    List<String> run(List<String> lines) {
        LoggedBatch batch = Notation.batch(lines, index);
        CommitTs before = state.view().at();
        List<String> rowsBefore = RowText.of(store);
        List<Reply> replies = state.execute(new LogPosition(1, index++), batch);

        List<String> result = new ArrayList<>();
        for (int command = 0; command < replies.size(); command++) {
            result.add("reply " + batch.commands().get(command).txnId().value() + " "
                    + ReplyText.of(replies.get(command)));
        }
        addEvents(before, result);
        addRows(rowsBefore, RowText.of(store), result);
        result.add("chain " + shortened(state.chainHash()) + " digest " + shortened(state.digest()));
        return result;
    }

    private void addEvents(CommitTs before, List<String> result) {
        JournalQuery query = new JournalQuery(
                new JournalQuery.Scope.Whole(), before.next(), state.view().at(), false);
        for (CommittedTransaction commit :
                state.journal().read(query, 1_000, 1 << 20).events()) {
            for (Event event : commit.events()) {
                String fact = switch (event) {
                    case Event.EntryPut put -> "entry-put %s v%d %s";
                    case Event.EntryDeleted deleted -> "entry-deleted %s v%d";
                    case Event.EntryErased erased -> "entry-erased %s v%d";
                };
                Object value = event instanceof Event.EntryPut put ? put.value() : "";
                result.add("event " + commit.commitTs() + " "
                        + fact.formatted(Notation.text(event.key()), event.version(), value));
            }
        }
    }

    private static void addRows(List<String> before, List<String> after, List<String> result) {
        after.stream()
                .filter(row -> !before.contains(row))
                .map(row -> "+ " + row)
                .forEach(result::add);
        before.stream()
                .filter(row -> !after.contains(row))
                .map(row -> "- " + row)
                .forEach(result::add);
    }

    private static String shortened(byte[] hash) {
        return HexFormat.of().formatHex(hash, 0, SHOWN_HASH_BYTES);
    }
}
