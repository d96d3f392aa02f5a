package io.statehouse.cluster.chaos.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.chaos.verdict.Ruling.Grade;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that is as good as can be passes; whatever is taken from it makes it fail or prove nothing. */
class JudgeTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;
    private static final int SECONDS = 20;
    private static final int COMMITS_PER_SECOND = 10;

    private final List<Mark> marks = new ArrayList<>(List.of(
            mark(0, Timeline.PHASE, Phase.WARM_UP.name()),
            mark(5, Timeline.PHASE, Phase.FAULTS.name()),
            mark(6, Timeline.STRUCK, "1", "kill leader", "n1"),
            mark(7, Timeline.OBSERVED, "1", "n2 leads"),
            mark(8, Timeline.HEALED, "1"),
            mark(10, Timeline.PHASE, Phase.RECOVERY.name()),
            mark(20, Timeline.PHASE, Phase.AUDIT.name()),
            mark(21, Timeline.PHASE, Phase.DONE.name())));
    private final Map<String, String> settings = new HashMap<>(Map.of(
            Judge.NODES, "1", Judge.DEADLINE, "1000", Judge.TRAFFIC, "10", "require", "replay", "minimum", "10"));
    private final List<Call> calls = new ArrayList<>();
    private final List<ReplayedCommit> journal = new ArrayList<>();
    private final List<ReplicaSeen> replicas = new ArrayList<>(List.of(proved("n1", 200)));

    JudgeTest() {
        for (int i = 0; i < SECONDS * COMMITS_PER_SECOND; i++) {
            long at = i * SECOND / COMMITS_PER_SECOND;
            calls.add(commit(i + 1, at, at + 20 * MILLI));
        }
    }

    private Call commit(long number, long from, long to) {
        var key = Script.key("k" + number);
        var id = Script.txn("t" + number);
        var request = new Request.Commit(id, List.of(new Operation.Put(key, Script.json("1"))), List.of());
        journal.add(new ReplayedCommit(
                Script.ts(number), number, id, List.of(new Event.EntryPut(key, 1, Script.json("1")))));
        var answer = new Response.Committed(Script.ts(number), List.of(1L), false);
        return new Call(number, 1, Load.MIXED, from, to, to, Outcome.OK, "n1", request, answer);
    }

    private static ReplicaSeen proved(String node, long commitTs) {
        return new ReplicaSeen(node, Script.ts(commitTs), "chain", "digest");
    }

    private static Mark mark(long second, String kind, String... words) {
        return new Mark(second * SECOND, kind, List.of(words));
    }

    private Judgement judge(Acceptance... demands) {
        var replay = new Replay("n1", 22 * SECOND, Script.ts(journal.size()), journal);
        var history = new History(calls, List.of(replay), replicas, List.of(), marks, settings);
        return Judge.judge(history, List.of(demands));
    }

    @Test
    void aRunThatShowsEverythingPasses() {
        assertThat(judge().grade()).as(judge().text()).isEqualTo(Grade.PASS);
    }

    @Test
    void aFaultThatNobodySawProvesNothing() {
        marks.removeIf(mark -> mark.kind().equals(Timeline.OBSERVED));

        assertThat(judge().grade()).isEqualTo(Grade.INVALID);
    }

    @Test
    void aRunWithoutAFaultProvesNothing() {
        marks.removeIf(mark ->
                List.of(Timeline.STRUCK, Timeline.OBSERVED, Timeline.HEALED).contains(mark.kind()));

        assertThat(judge().grade()).isEqualTo(Grade.INVALID);
    }

    @Test
    void tooLittleTrafficProvesNothing() {
        settings.put(Judge.TRAFFIC, "11");

        assertThat(judge().grade()).isEqualTo(Grade.INVALID);
    }

    @Test
    void anUndecidedCheckerProvesNothing() {
        settings.put("minimum", "100000");

        assertThat(judge().grade()).isEqualTo(Grade.INVALID);
    }

    @Test
    void aNodeThatWasNotAskedForItsJournalProvesNothing() {
        settings.put(Judge.NODES, "3");

        assertThat(judge().grade()).isEqualTo(Grade.INVALID);
    }

    @Test
    void aStoreThatWasNotProvedProvesNothing() {
        replicas.clear();

        assertThat(judge().text()).containsPattern("INVALID +every store is proved");
    }

    @Test
    void storesProvedAtDifferentCommitsProveNothing() {
        replicas.add(proved("n1", 199));

        assertThat(judge().text()).containsPattern("INVALID +every store is proved");
    }

    @Test
    void aDamagedStoreFails() {
        marks.add(mark(21, Timeline.SEEN, Judge.DAMAGE, "n1 at commit 7"));

        assertThat(judge().text()).containsPattern("FAIL +every store is proved +n1 at commit 7");
    }

    @Test
    void aRunThatWasBrokenOffFails() {
        marks.removeIf(mark -> mark.words().contains(Phase.DONE.name()));

        assertThat(judge().grade()).isEqualTo(Grade.FAIL);
    }

    @Test
    void aDeathThatNoFaultCausedFails() {
        marks.add(mark(9, Timeline.DIED, "n3", "76"));

        assertThat(judge().grade()).isEqualTo(Grade.FAIL);
    }

    @Test
    void aCallThatOutlivesItsDeadlineIsSlow() {
        long number = calls.size() + 1L;
        calls.add(commit(number, 19 * SECOND, 19 * SECOND + 4_000 * MILLI));

        assertThat(judge().text()).contains("ms late");
        assertThat(judge().grade()).isEqualTo(Grade.SLOW);
    }

    @Test
    void aCallOfUnknownOutcomeEndedWhenItsCallerGaveUp() {
        long number = calls.size() + 1L;
        calls.add(commit(number, 19 * SECOND, 19 * SECOND + 4_000 * MILLI).resolved(Outcome.UNKNOWN, null));

        assertThat(judge().text()).contains("ms late");
    }

    @Test
    void aCallThatIsOpenWhenAllIsDoneIsSlow() {
        calls.add(openSince(15 * SECOND));

        assertThat(judge().text()).contains("5000 ms late");
    }

    @Test
    void aCallThatIsOpenWhenTheRunBreaksOffIsNotSaidToBeLate() {
        marks.removeIf(mark -> mark.words().contains(Phase.DONE.name()));
        calls.add(openSince(15 * SECOND));

        assertThat(judge().text()).doesNotContain("ms late");
    }

    private Call openSince(long nanos) {
        Call made = commit(calls.size() + 1L, nanos, nanos);
        return new Call(
                made.id(), 1, Load.MIXED, nanos, Call.NEVER, Call.NEVER, Outcome.UNKNOWN, "", made.request(), null);
    }

    @Test
    void aProcessMayRestAfterACallOfUnknownOutcome() {
        calls.add(calls.removeLast().resolved(Outcome.UNKNOWN, null));
        calls.add(commit(calls.size() + 1L, 30 * SECOND, 30 * SECOND + MILLI));

        assertThat(judge().text()).doesNotContain("ms late");
    }

    @Test
    void trafficThatStaysSlowIsSlow() {
        calls.removeIf(call -> call.callNanos() > 17 * SECOND && call.id() % 2 == 0);

        assertThat(judge().text()).containsPattern("SLOW +traffic recovers");
    }

    @Test
    void theDemandsOfACaseBite() {
        calls.removeIf(call -> call.callNanos() > 6 * SECOND && call.callNanos() < 9 * SECOND);
        marks.add(mark(5, Timeline.LEADS, "n1", "1"));
        marks.add(mark(6, Timeline.LEADS, "n2", "2"));
        var second = Duration.ofSeconds(1);

        assertThat(judge(Demands.gaps(second, second)).text()).containsPattern("SLOW +writes resume +gap p50 3000 ms");
        assertThat(judge(Demands.faultsAtLeast(2)).text()).containsPattern("INVALID +enough faults");
        assertThat(judge(Demands.leaderChangesAtMost(0)).text()).containsPattern("SLOW +no needless elections");
        assertThat(judge(Demands.goodputAtLeast(90)).text()).containsPattern("SLOW +goodput");
        assertThat(judge(Demands.saw("answers", "exact")).text()).containsPattern("FAIL +answers");
    }

    @Test
    void whatANodeSaysThatIsCutOffFails() {
        assertThat(judge(CutOff.knowsNothing()).grade()).isEqualTo(Grade.INVALID);

        marks.add(mark(7, Timeline.SEEN, CutOff.BEGINS, "n2"));
        marks.add(mark(9, Timeline.SEEN, CutOff.ENDS, "n2"));
        assertThat(judge(CutOff.knowsNothing()).grade()).as("nobody asked").isEqualTo(Grade.INVALID);

        marks.add(mark(7, Timeline.SEEN, CutOff.BEGINS, "n1"));
        marks.add(mark(9, Timeline.SEEN, CutOff.ENDS, "n1"));
        assertThat(judge(CutOff.knowsNothing()).text()).containsPattern("FAIL +a node cut off knows nothing");
    }

    @Test
    void whatIsAcknowledgedWhileAFaultIsBeingUndoneProvesNothing() {
        marks.add(mark(6, Timeline.HEALING, "1"));

        assertThat(judge(Demands.nothingAcknowledgedDuring("kill leader", Duration.ofSeconds(1)))
                        .grade())
                .isEqualTo(Grade.PASS);
    }

    @Test
    void whatAMinorityAcknowledgesFails() {
        assertThat(judge(Demands.nothingAcknowledgedDuring("kill leader", Duration.ofSeconds(1)))
                        .grade())
                .isEqualTo(Grade.FAIL);
    }
}
