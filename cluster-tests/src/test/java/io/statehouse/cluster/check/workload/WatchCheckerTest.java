package io.statehouse.cluster.check.workload;

import static io.statehouse.cluster.check.Anomaly.WATCH_DUPLICATE;
import static io.statehouse.cluster.check.Anomaly.WATCH_FILTER;
import static io.statehouse.cluster.check.Anomaly.WATCH_GAP;
import static io.statehouse.cluster.check.Anomaly.WATCH_PHANTOM;
import static io.statehouse.cluster.check.Anomaly.WATCH_TORN;
import static io.statehouse.cluster.check.Anomaly.WATCH_UNORDERED;
import static io.statehouse.cluster.check.Script.ts;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Finding;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.WatchScope;
import io.statehouse.cluster.check.history.WatchStream;
import io.statehouse.statemachine.event.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchCheckerTest {
    private static final WatchScope ALL = new WatchScope("ns", "", "");
    private static final WatchScope ONLY_A = new WatchScope("ns", "a", "a");
    private static final WatchChecker CHECKER = new WatchChecker();
    private static final History JOURNAL = new Script(Load.WATCH)
            .journal(1, "t1", "a", "1")
            .journal(2, "t2", "b", "1")
            .journal(3, "t3", "a", "2", "b", "2")
            .journal(4, "t4", "b", "3")
            .history();

    @Test
    void everythingInOrderIsLegal() {
        assertThat(judged(ALL, 1, event(1), event(2), event(3), event(4), until(4)))
                .isEmpty();
    }

    @Test
    void aStreamMayBeginAndEndAnywhere() {
        assertThat(judged(ALL, 2, event(2), event(3))).isEmpty();
        assertThat(judged(ALL, 0, event(3), event(4))).isEmpty();
        assertThat(judged(ALL, 9)).isEmpty();
    }

    @Test
    void aCommitMissingAnywhereIsAGap() {
        assertThat(judged(ALL, 1, event(2))).containsExactly(WATCH_GAP);
        assertThat(judged(ALL, 1, event(1), event(3))).containsExactly(WATCH_GAP);
        assertThat(judged(ALL, 0, event(1), event(3))).containsExactly(WATCH_GAP);
        assertThat(judged(ALL, 1, event(1), event(2), until(3))).containsExactly(WATCH_GAP);
    }

    @Test
    void aResumeThatSkipsIsAGap() {
        assertThat(judged(ALL, 3, event(4))).containsExactly(WATCH_GAP);
    }

    @Test
    void progressBeyondACommitNotDeliveredIsAGap() {
        assertThat(judged(ALL, 1, event(1), progress(2))).containsExactly(WATCH_GAP);
        assertThat(judged(ONLY_A, 1, part(1), progress(2), part(3), progress(4)))
                .isEmpty();
    }

    @Test
    void nothingComesTwiceOrBackwards() {
        assertThat(judged(ALL, 1, event(1), event(1))).containsExactly(WATCH_DUPLICATE);
        assertThat(judged(ALL, 1, event(1), event(2), event(1))).containsExactly(WATCH_UNORDERED);
        assertThat(judged(ALL, 3, event(2), event(3))).containsExactly(WATCH_DUPLICATE);
        assertThat(judged(ALL, 1, event(1), event(2), progress(1))).containsExactly(WATCH_UNORDERED);
    }

    @Test
    void aCommitComesWhole() {
        assertThat(judged(ALL, 3, with(3, commit(3).events().subList(0, 1)))).containsExactly(WATCH_TORN);
    }

    @Test
    void onlyWhatIsInScopeComes() {
        assertThat(judged(ONLY_A, 3, part(3))).isEmpty();
        assertThat(judged(ONLY_A, 3, event(3))).containsExactly(WATCH_FILTER);
        assertThat(judged(ONLY_A, 2, event(2))).containsExactly(WATCH_FILTER);
    }

    @Test
    void whatWasNeverCommittedIsAPhantom() {
        ReplayedCommit other =
                new ReplayedCommit(ts(1), 1, Script.txn("x"), commit(1).events());

        assertThat(judged(ALL, 1, new WatchDelivered(1, 1, other))).containsExactly(WATCH_PHANTOM);
    }

    @Test
    void watchesWithoutAJournalProveNothing() {
        WatchStream stream = new WatchStream(opened(ALL, 1), List.of());
        History history = new Script(Load.WATCH).history().withWatches(List.of(stream));

        assertThat(CHECKER.check(history)).isInstanceOf(Verdict.Undecided.class);
    }

    private static List<Anomaly> judged(WatchScope scope, long start, HistoryLine... messages) {
        WatchStream stream = new WatchStream(opened(scope, start), List.of(messages));
        return Script.findings(CHECKER.check(JOURNAL.withWatches(List.of(stream)))).stream()
                .map(Finding::anomaly)
                .toList();
    }

    private static WatchOpened opened(WatchScope scope, long start) {
        return new WatchOpened(1, "w", "n1", 0, scope, ts(start));
    }

    private static ReplayedCommit commit(int number) {
        return JOURNAL.replays().getFirst().commits().get(number - 1);
    }

    private static HistoryLine event(int number) {
        return new WatchDelivered(1, number, commit(number));
    }

    /** The events of a commit on key a. */
    private static HistoryLine part(int number) {
        return with(number, ONLY_A.cut(commit(number).events()));
    }

    private static HistoryLine with(int number, List<Event> events) {
        ReplayedCommit whole = commit(number);
        return new WatchDelivered(
                1, number, new ReplayedCommit(whole.commitTs(), whole.wallMillis(), whole.txnId(), events));
    }

    private static HistoryLine progress(long commitTs) {
        return new WatchProgressed(1, 0, ts(commitTs));
    }

    private static HistoryLine until(long commitTs) {
        return new WatchEnded(1, 0, "done", ts(commitTs));
    }
}
