package io.statehouse.cluster.check.order;

import static io.statehouse.cluster.check.Anomaly.ANSWERS_DIFFER;
import static io.statehouse.cluster.check.Anomaly.COMMIT_ORDER;
import static io.statehouse.cluster.check.Anomaly.DOUBLE_APPLY;
import static io.statehouse.cluster.check.Anomaly.DUPLICATE_COMMIT_TS;
import static io.statehouse.cluster.check.Anomaly.FAILED_BUT_APPLIED;
import static io.statehouse.cluster.check.Anomaly.GARBAGE;
import static io.statehouse.cluster.check.Anomaly.LOST_WRITE;
import static io.statehouse.cluster.check.Anomaly.PAST_CHANGED;
import static io.statehouse.cluster.check.Anomaly.READ_POINT;
import static io.statehouse.cluster.check.Anomaly.REPLICAS_DIFFER;
import static io.statehouse.cluster.check.Anomaly.STATE_DIFFERS;
import static io.statehouse.cluster.check.Anomaly.WRONG_ANSWER;
import static io.statehouse.cluster.check.Script.AGENT;
import static io.statehouse.cluster.check.Script.json;
import static io.statehouse.cluster.check.Script.key;
import static io.statehouse.cluster.check.Script.ts;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderCheckersTest {
    private static final Checker COMMIT_TS = new CommitTsChecker();
    private static final Checker REPLAY = new ReplayChecker();
    private static final Checker WITNESS = new WitnessChecker();
    private static final Checker PAST = new TimeTravelChecker();

    private final Script script = new Script(Load.MIXED);

    @Test
    void anEmptyHistoryIsLegalOrUndecidedButNeverProvesAJournal() {
        script.isLegalTo(COMMIT_TS);
        script.isLegalTo(WITNESS);
        script.isLegalTo(PAST);
        assertThat(REPLAY.check(script.history())).isInstanceOf(Verdict.Undecided.class);

        script.journal();
        script.isLegalTo(REPLAY);
    }

    @Test
    void oneCommitTsForTwoTransactionsIsIllegal() {
        script.at(0, 9).ok(put("a", "k"), committed(1, 1)).at(0, 9).ok(put("b", "l"), committed(1, 1));

        script.isIllegalTo(COMMIT_TS, DUPLICATE_COMMIT_TS);
    }

    @Test
    void oneTransactionWithTwoCommitTsIsIllegal() {
        script.at(0, 9).ok(put("a", "k"), committed(1, 1)).at(0, 9).ok(put("a", "k"), committed(2, 1));

        script.isIllegalTo(COMMIT_TS, ANSWERS_DIFFER);
    }

    @Test
    void aCommitThatBeganLaterMustStandLater() {
        script.at(0, 1).ok(put("a", "k"), committed(2, 1)).at(2, 3).ok(put("b", "l"), committed(1, 1));

        script.isIllegalTo(COMMIT_TS, COMMIT_ORDER);
    }

    @Test
    void commitsThatTouchMayStandEitherWay() {
        script.at(0, 2).ok(put("a", "k"), committed(2, 1)).at(2, 3).ok(put("b", "l"), committed(1, 1));

        script.isLegalTo(COMMIT_TS);
    }

    @Test
    void aRepeatedAnswerDoesNotMakeTheCommitLater() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1));
        script.at(2, 3).ok(put("b", "l"), committed(2, 1));
        script.at(4, 5).ok(put("a", "k"), new Response.Committed(ts(1), List.of(1L), true));

        script.isLegalTo(COMMIT_TS);
    }

    @Test
    void aReadStandsBehindWhatHadBeenAcknowledged() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).at(2, 3).ok(read("l"), found(null, 0, 0, 0));

        script.isIllegalTo(COMMIT_TS, READ_POINT);
    }

    @Test
    void aReadStandsBehindWhatAnEarlierReadHadSeen() {
        script.at(0, 99).ok(put("a", "k"), committed(1, 1));
        script.at(1, 2).ok(read("k"), found("1", 1, 1, 1)).at(3, 4).ok(read("l"), found(null, 0, 0, 0));

        script.isIllegalTo(COMMIT_TS, READ_POINT);
    }

    @Test
    void aCommitStandsBehindWhatAReadHadSeen() {
        script.at(0, 1).ok(read("l"), found(null, 0, 0, 5)).at(2, 3).ok(put("a", "k"), committed(5, 1));

        // The read also saw a commit that had not begun.
        script.isIllegalTo(COMMIT_TS, COMMIT_ORDER, READ_POINT);
    }

    @Test
    void aLocalReadMayBeOldButWhatItSawHasHappened() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1));
        script.at(2, 3).ok(new Request.Read(key("k"), ReadPoint.LOCAL), found(null, 0, 0, 0));
        script.isLegalTo(COMMIT_TS);

        script.at(4, 5).ok(new Request.Read(key("k"), ReadPoint.LOCAL), found("1", 1, 1, 7));
        script.at(6, 7).ok(read("k"), found("1", 1, 1, 6));
        script.isIllegalTo(COMMIT_TS, READ_POINT);
    }

    @Test
    void aReadAtLeastACommitIsAtLeastThere() {
        Request least = new Request.Read(key("k"), new ReadPoint.AtLeast(ts(3)));
        script.at(0, 1).ok(least, found(null, 0, 0, 3));
        script.isLegalTo(COMMIT_TS);

        script.at(2, 3).ok(least, found(null, 0, 0, 2));
        script.isIllegalTo(COMMIT_TS, READ_POINT);
    }

    @Test
    void anAcknowledgedCommitIsInTheJournal() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).journal(1, "a", "k", "1");
        script.isLegalTo(REPLAY);

        script.at(2, 3).ok(put("b", "l"), committed(2, 1));
        script.journal(2, "c", "l", "1");
        script.isIllegalTo(REPLAY, LOST_WRITE, GARBAGE);
    }

    @Test
    void aFailedCommitIsNotInTheJournal() {
        script.at(0, 1)
                .fail(put("a", "k"), new Response.Refused("NOT_READY", ""))
                .journal(1, "a", "k", "1");

        script.isIllegalTo(REPLAY, FAILED_BUT_APPLIED);
    }

    @Test
    void aRefusalBecauseTheIdIsInUseSaysNothingOfTheIdsFate() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).journal(1, "a", "k", "1");
        script.at(2, 3).fail(put("a", "l"), new Response.Refused("TXN_ID_REUSED", ""));

        script.isLegalTo(REPLAY);
    }

    @Test
    void aCallOfAnAgentCommitsUnderItsIdOrOneDerivedFromIt() {
        Request call = new Request.Execute(txn("a"), "lease.acquire", json("{}"));
        script.at(0, 1).ok(call, new Response.Answered(json("{}"))).journal(1, "a#2", "k", "1");
        script.isLegalTo(REPLAY);

        script.journal(2, "b#1", "k", "2");
        script.isIllegalTo(REPLAY, GARBAGE);
    }

    @Test
    void aCallOfAnAgentCommitsOnce() {
        Request call = new Request.Execute(txn("a"), "tools.finish", json("{}"));
        script.at(0, 1).ok(call, new Response.Answered(json("{}")));
        script.journal(1, "a", "k", "1").journal(2, "a#1", "k", "2");

        script.isIllegalTo(REPLAY, DOUBLE_APPLY);
    }

    @Test
    void aRefusedCallOfAnAgentIsNotInTheJournal() {
        Request call = new Request.Execute(txn("a"), "lease.acquire", json("{}"));
        script.at(0, 1).fail(call, new Response.Refused("FENCED", "")).journal(1, "a#1", "k", "1");

        script.isIllegalTo(REPLAY, FAILED_BUT_APPLIED);
    }

    @Test
    void oneTransactionIsInTheJournalOnce() {
        script.at(0, 1)
                .ok(put("a", "k"), committed(1, 1))
                .journal(1, "a", "k", "1")
                .journal(2, "a", "k", "1");

        script.isIllegalTo(REPLAY, DOUBLE_APPLY);
    }

    @Test
    void theJournalHasNoHoleAtItsBeginningInItsMiddleOrAtItsEnd() {
        script.at(0, 1).unknown(put("a", "k")).at(0, 1).unknown(put("b", "l"));
        script.journal(1, "a", "k", "1").journal(2, "b", "l", "1");
        script.isLegalTo(REPLAY);
        Replay whole = script.history().replays().getFirst();

        assertThat(REPLAY.check(cut(whole, 1, 2))).isInstanceOf(Verdict.Illegal.class);
        assertThat(REPLAY.check(cut(whole, 0, 1))).isInstanceOf(Verdict.Illegal.class);
    }

    @Test
    void theJournalHoldsWhatWasAskedFor() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).journal(1, "a", "k", "2");

        script.isIllegalTo(REPLAY, WRONG_ANSWER);
    }

    @Test
    void aScanIsWhatTheJournalAddsUpTo() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).journal(1, "a", "k", "1");
        script.at(2, 3).ok(scan(), scanned(1, new Response.Row("k", json("1"), 1, ts(1))));
        script.at(2, 3).ok(new Request.Scan(AGENT, "", new ReadPoint.AtCommit(ts(0))), scanned(0));
        script.isLegalTo(REPLAY);

        script.at(4, 5).ok(scan(), scanned(1));
        script.isIllegalTo(REPLAY, STATE_DIFFERS);
    }

    @Test
    void aScanComesInTheOrderOfTheBytes() {
        Response.Row high = new Response.Row("\uD83D\uDE00", json("1"), 1, ts(1));
        Response.Row low = new Response.Row("\uFFFD", json("1"), 1, ts(1));
        script.at(0, 1).unknown(put("a", "\uFFFD", "\uD83D\uDE00"));
        script.journal(1, "a", "\uFFFD", "1", "\uD83D\uDE00", "1");
        script.at(2, 3).ok(scan(), scanned(1, low, high));
        script.isLegalTo(REPLAY);

        // By UTF-16 units the other one would come first.
        script.at(2, 3).ok(scan(), scanned(1, high, low));
        script.isIllegalTo(REPLAY, STATE_DIFFERS);
    }

    @Test
    void replicasAtOneCommitHoldOneState() {
        script.journal();
        ReplicaSeen one = new ReplicaSeen("n1", ts(3), "c", "d");
        History alike = script.history().withReplicas(List.of(one, new ReplicaSeen("n2", ts(4), "x", "y")));
        History differ = script.history().withReplicas(List.of(one, new ReplicaSeen("n2", ts(3), "c", "y")));

        assertThat(REPLAY.check(alike)).isInstanceOf(Verdict.Legal.class);
        assertThat(Script.findings(REPLAY.check(differ)))
                .extracting(finding -> finding.anomaly())
                .containsExactly(REPLICAS_DIFFER);
    }

    @Test
    void journalsOfTwoNodesAreOne() {
        script.at(0, 1).unknown(put("a", "k")).journal(1, "a", "k", "1");
        Replay mine = script.history().replays().getFirst();
        Script otherScript = new Script(Load.MIXED).journal(1, "a", "k", "2");
        Replay other = otherScript.history().replays().getFirst();

        assertThat(REPLAY.check(script.history().withReplays(List.of(mine, mine))))
                .isInstanceOf(Verdict.Legal.class);
        assertThat(REPLAY.check(script.history().withReplays(List.of(mine, other))))
                .isInstanceOf(Verdict.Illegal.class);
    }

    @Test
    void answersFollowFromTheCommitsBeforeThem() {
        script.at(0, 1)
                .ok(put("a", "k"), committed(1, 1))
                .at(2, 3)
                .ok(putIf("b", "k", 1), committed(2, 2))
                .at(4, 5)
                .ok(read("k"), found("1", 2, 2, 2))
                .at(6, 7)
                .fail(putIf("c", "k", 1), new Response.Conflict(key("k"), 2, ts(2)));
        script.isLegalTo(WITNESS);

        script.at(8, 9).ok(read("k"), found("1", 1, 1, 2));
        script.isIllegalTo(WITNESS, WRONG_ANSWER);
    }

    @Test
    void aConditionThatDidNotHoldIsNoCommit() {
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).at(2, 3).ok(putIf("b", "k", 0), committed(2, 2));

        script.isIllegalTo(WITNESS, WRONG_ANSWER);
    }

    @Test
    void aConflictWithWhatWasOverwrittenBeforeTheCallIsWrong() {
        script.at(0, 1)
                .ok(put("a", "k"), committed(1, 1))
                .at(2, 3)
                .ok(put("b", "k"), committed(2, 2))
                .at(4, 5)
                .fail(putIf("c", "k", 5), new Response.Conflict(key("k"), 1, ts(1)));

        script.isIllegalTo(WITNESS, WRONG_ANSWER);
    }

    @Test
    void aConflictIsRepeatedAsItWas() {
        Response conflict = new Response.Conflict(key("k"), 1, ts(1));
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).at(2, 3).fail(putIf("c", "k", 5), conflict);
        script.at(4, 5).ok(put("b", "k"), committed(2, 2)).at(6, 7).fail(putIf("c", "k", 5), conflict);

        script.isLegalTo(WITNESS);
    }

    @Test
    void answersAloneAreNoWitnessWhileACommitIsUnknown() {
        script.at(0, 1).unknown(put("a", "k"));

        assertThat(WITNESS.check(script.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void thePastIsAnsweredAlikeForEver() {
        Request past = new Request.Read(key("k"), new ReadPoint.AtCommit(ts(1)));
        script.at(0, 1).ok(put("a", "k"), committed(1, 1)).at(2, 3).ok(past, found("1", 1, 1, 1));
        script.at(4, 5).ok(past, found("1", 1, 1, 1));
        script.at(6, 7).fail(past, new Response.Refused("COMPACTED", ""));
        script.isLegalTo(PAST);

        script.at(8, 9).ok(past, found(null, 0, 0, 1));
        script.isIllegalTo(PAST, PAST_CHANGED, WRONG_ANSWER);
    }

    private static History cut(Replay whole, int from, int to) {
        Replay part = new Replay(
                "n1", whole.askedNanos(), whole.lastTs(), whole.commits().subList(from, to));
        return History.of(List.of()).withReplays(List.of(part));
    }

    private static Request put(String txn, String... names) {
        return new Request.Commit(
                txn(txn),
                Arrays.stream(names)
                        .map(name -> (Operation) new Operation.Put(key(name), json("1")))
                        .toList(),
                List.of());
    }

    private static Request putIf(String txn, String name, long version) {
        return new Request.Commit(
                txn(txn),
                List.of(new Operation.Put(key(name), json("1"))),
                List.of(new Condition.VersionEquals(key(name), version)));
    }

    private static Request read(String name) {
        return new Request.Read(key(name), ReadPoint.LATEST);
    }

    private static Request scan() {
        return new Request.Scan(AGENT, "", ReadPoint.LATEST);
    }

    private static Response scanned(long readTs, Response.Row... rows) {
        return new Response.Scanned(List.of(rows), ts(readTs));
    }

    private static Response committed(long commitTs, long version) {
        return new Response.Committed(ts(commitTs), List.of(version), false);
    }

    private static Response found(@Nullable String value, long version, long commitTs, long readTs) {
        return new Response.Found(value == null ? null : json(value), version, ts(commitTs), ts(readTs));
    }
}
