package io.statehouse.cluster.check.workload;

import static io.statehouse.cluster.check.Anomaly.ANSWERS_DIFFER;
import static io.statehouse.cluster.check.Anomaly.DOUBLE_APPLY;
import static io.statehouse.cluster.check.Anomaly.FAILED_BUT_APPLIED;
import static io.statehouse.cluster.check.Anomaly.FLICKER;
import static io.statehouse.cluster.check.Anomaly.GARBAGE;
import static io.statehouse.cluster.check.Anomaly.ID_REUSED;
import static io.statehouse.cluster.check.Anomaly.LOST_WRITE;
import static io.statehouse.cluster.check.Anomaly.NEGATIVE_BALANCE;
import static io.statehouse.cluster.check.Anomaly.STAGED_PARTIAL;
import static io.statehouse.cluster.check.Anomaly.TOTAL_CHANGED;
import static io.statehouse.cluster.check.Anomaly.TWO_FATES;
import static io.statehouse.cluster.check.Anomaly.UNSORTED;
import static io.statehouse.cluster.check.Script.AGENT;
import static io.statehouse.cluster.check.Script.json;
import static io.statehouse.cluster.check.Script.key;
import static io.statehouse.cluster.check.Script.ts;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Finding;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadCheckersTest {
    private static final Checker SET = new SetChecker();
    private static final Checker BANK = new BankChecker();
    private static final Checker ONCE = new IdempotencyChecker();
    private static final Checker STAGED = new StagedChecker();

    private final Script set = new Script(Load.SET);
    private final Script bank = new Script(Load.BANK);
    private final Script once = new Script(Load.IDEMPOTENCY);
    private final Script staged = new Script(Load.STAGED);

    @Test
    void emptyHistoriesAreLegal() {
        set.isLegalTo(SET);
        bank.isLegalTo(BANK);
        once.isLegalTo(ONCE);
        staged.isLegalTo(STAGED);
    }

    @Test
    void whatWasAcknowledgedIsFound() {
        set.at(0, 1)
                .ok(add("a"), committed(1))
                .at(2, 3)
                .ok(add("b"), committed(2))
                .at(4, 5)
                .ok(scan(), rows("a", "b"));
        set.isLegalTo(SET);

        set.at(6, 7).ok(scan(), rows("b"));
        set.isIllegalTo(SET, LOST_WRITE);
    }

    @Test
    void whatIsBesideTheScanMayBeMissed() {
        set.at(0, 4)
                .ok(add("a"), committed(1))
                .at(4, 5)
                .ok(scan(), rows())
                .at(6, 7)
                .ok(scan(), rows("a"));

        set.isLegalTo(SET);
    }

    @Test
    void whatAScanHadShownIsShownByLaterOnes() {
        set.at(0, 0).unknown(add("a"));
        set.at(2, 3).ok(scan(), rows("a")).at(4, 5).ok(scan(), rows());

        set.isIllegalTo(SET, FLICKER);
    }

    @Test
    void whatFailedAndWhatNobodyAddedIsNotFound() {
        set.at(0, 1)
                .fail(add("a"), new Response.Refused("NOT_READY", ""))
                .at(2, 3)
                .ok(scan(), rows("a", "z"));

        set.isIllegalTo(SET, FAILED_BUT_APPLIED, GARBAGE);
    }

    @Test
    void anElementIsShownOnceAndWasWrittenOnce() {
        Response twice = new Response.Scanned(List.of(row("a", "1", 2), row("b", "1", 1), row("b", "1", 1)), ts(2));
        set.at(0, 1)
                .ok(add("a"), committed(1))
                .at(0, 1)
                .ok(add("b"), committed(2))
                .at(2, 3)
                .ok(scan(), twice);

        set.isIllegalTo(SET, DOUBLE_APPLY, UNSORTED);
    }

    @Test
    void aSetThatNobodyLookedAtProvesNothing() {
        set.at(0, 1).ok(add("a"), committed(1));

        assertThat(SET.check(set.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void snapshotsOfABankAddUp() {
        bank.at(0, 1).ok(transfer("open", "5", "5"), committed(1)).at(2, 3).ok(scan(), balances("3", "7"));
        assertThat(bank()).isEmpty();

        bank.at(4, 5).ok(scan(), balances("3", "6"));
        assertThat(bank()).extracting(Finding::anomaly).containsExactly(TOTAL_CHANGED);
    }

    @Test
    void noAccountIsBelowZeroAndNoneIsMissing() {
        bank.at(0, 1).ok(transfer("open", "5", "5"), committed(1)).at(2, 3).ok(scan(), balances("-1", "11"));
        bank.at(4, 5).ok(scan(), new Response.Scanned(List.of(row("a", "10", 1)), ts(1)));

        assertThat(bank()).extracting(Finding::anomaly).containsExactly(NEGATIVE_BALANCE, TOTAL_CHANGED);
    }

    @Test
    void everyCommitOfTheJournalKeepsTheTotal() {
        bank.at(0, 1).ok(transfer("open", "5", "5"), committed(1));
        bank.journal(1, "open", "a", "5", "b", "5").journal(2, "t", "a", "4", "b", "6");
        assertThat(bank()).isEmpty();

        bank.journal(3, "u", "a", "3");
        assertThat(bank()).extracting(Finding::anomaly).containsExactly(TOTAL_CHANGED);
    }

    @Test
    void aBankWithoutItsNumbersProvesNothing() {
        bank.at(0, 1).ok(transfer("open", "5", "5"), committed(1));

        assertThat(BANK.check(bank.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void oneIdHasOneAnswer() {
        Response replayed = new Response.Committed(ts(1), List.of(1L), true);
        once.at(0, 1).ok(add("a"), committed(1)).at(0, 9).ok(add("a"), replayed);
        once.isLegalTo(ONCE);

        once.at(10, 11).ok(add("a"), new Response.Committed(ts(2), List.of(2L), true));
        once.isIllegalTo(ONCE, ANSWERS_DIFFER);
    }

    @Test
    void onlyOneCallIsTheFirst() {
        once.at(0, 1).ok(add("a"), committed(1)).at(0, 9).ok(add("a"), committed(1));

        once.isIllegalTo(ONCE, DOUBLE_APPLY);
    }

    @Test
    void aConflictIsAsFinalAsACommit() {
        Response conflict = new Response.Conflict(key("a"), 3, ts(3));
        once.at(0, 1).fail(add("a"), conflict).at(2, 3).fail(add("a"), conflict);
        once.isLegalTo(ONCE);

        once.at(4, 5).ok(add("a"), committed(4));
        once.isIllegalTo(ONCE, ANSWERS_DIFFER);
    }

    @Test
    void otherContentsUnderOneIdAreRefused() {
        Request other = new Request.Commit(txn("a"), List.of(new Operation.Put(key("a"), json("2"))), List.of());
        once.at(0, 1).ok(add("a"), committed(1)).at(2, 3).fail(other, new Response.Refused("TXN_ID_REUSED", ""));
        once.isLegalTo(ONCE);

        once.at(4, 5).ok(other, new Response.Committed(ts(1), List.of(1L), true));
        once.isIllegalTo(ONCE, ID_REUSED);
    }

    @Test
    void aStagedTransactionIsAppliedWhole() {
        stage("1", "2");
        staged.at(6, 7).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.journal(1, "s", "k1", "1", "k2", "1");
        staged.isLegalTo(STAGED);

        staged.at(8, 9).fail(new Request.CommitStaged(txn("s")), new Response.Refused("TXN_ALREADY_COMMITTED", ""));
        staged.isLegalTo(STAGED);
    }

    @Test
    void aStagedTransactionIsNotAppliedInPart() {
        stage("1", "2");
        staged.at(6, 7).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.journal(1, "s", "k2", "1");

        staged.isIllegalTo(STAGED, STAGED_PARTIAL);
    }

    @Test
    void whatWasStagedWithAnUnknownOutcomeMayBeMissing() {
        stage("1");
        staged.at(4, 4).unknown(stageOf("2"));
        staged.at(6, 7).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.journal(1, "s", "k1", "1");

        staged.isLegalTo(STAGED);
    }

    @Test
    void whatWasStagedWithAnUnknownOutcomeMayComeLateButNotEarly() {
        staged.at(0, 1).unknown(stageOf("1"));
        staged.at(2, 3).ok(stageOf("2"), new Response.Done());
        staged.at(4, 5).unknown(stageOf("3"));
        staged.at(6, 7).ok(stageOf("4"), new Response.Done());
        staged.at(8, 9).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.journal(1, "s", "k2", "1", "k1", "1", "k4", "1", "k3", "1");
        staged.isLegalTo(STAGED);

        staged.journal(1, "s", "k3", "1", "k2", "1", "k4", "1");
        staged.isIllegalTo(STAGED, STAGED_PARTIAL);
    }

    @Test
    void eachStageOfUnknownOutcomeHasOneEventAtMost() {
        staged.at(0, 1).unknown(stageOf("1"));
        staged.at(2, 3).unknown(stageOf("1"));
        staged.at(4, 5).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.journal(1, "s", "k1", "1", "k1", "1");
        staged.isLegalTo(STAGED);

        staged.journal(1, "s", "k1", "1", "k1", "1", "k1", "1");
        staged.isIllegalTo(STAGED, STAGED_PARTIAL);
    }

    @Test
    void anAbortBeforeAnyCommitIsFinal() {
        stage("1");
        staged.at(4, 5).ok(new Request.Abort(txn("s")), new Response.Done());
        staged.at(6, 7).fail(new Request.CommitStaged(txn("s")), new Response.Refused("TXN_ABORTED", ""));
        staged.journal();
        staged.isLegalTo(STAGED);

        staged.at(8, 9).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.isIllegalTo(STAGED, TWO_FATES, TWO_FATES);
    }

    @Test
    void anAbortAfterTheCommitSaysNothing() {
        stage("1");
        staged.at(4, 5).ok(new Request.CommitStaged(txn("s")), committed(1));
        staged.at(6, 7).ok(new Request.Abort(txn("s")), new Response.Done());
        staged.journal(1, "s", "k1", "1");

        staged.isLegalTo(STAGED);
    }

    @Test
    void aCommitThatWasRefusedForGoodIsNotApplied() {
        stage("1");
        staged.at(4, 5).fail(new Request.CommitStaged(txn("s")), new Response.Refused("TXN_LOST", ""));
        staged.journal(1, "s", "k1", "1");

        staged.isIllegalTo(STAGED, FAILED_BUT_APPLIED);
    }

    private void stage(String... numbers) {
        for (String number : numbers) {
            staged.at(0, 1).ok(stageOf(number), new Response.Done());
        }
    }

    private static Request stageOf(String number) {
        return new Request.Stage(txn("s"), new Operation.Put(key("k" + number), json("1")));
    }

    private List<Finding> bank() {
        History history = bank.history().withSettings(Map.of(BankChecker.TOTAL, "10", BankChecker.ACCOUNTS, "2"));
        return Script.findings(BANK.check(history));
    }

    private static Request transfer(String txn, String a, String b) {
        return new Request.Commit(
                txn(txn),
                List.of(new Operation.Put(key("a"), json(a)), new Operation.Put(key("b"), json(b))),
                List.of());
    }

    private static Response balances(String a, String b) {
        return new Response.Scanned(List.of(row("a", a, 1), row("b", b, 1)), ts(1));
    }

    private static Request add(String name) {
        return new Request.Commit(txn(name), List.of(new Operation.Put(key(name), json("1"))), List.of());
    }

    private static Request scan() {
        return new Request.Scan(AGENT, "", ReadPoint.LATEST);
    }

    private static Response rows(String... names) {
        List<Response.Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(row(name, "1", 1));
        }
        return new Response.Scanned(rows, ts(names.length));
    }

    private static Response.Row row(String name, String value, long version) {
        return new Response.Row(name, json(value), version, ts(1));
    }

    private static Response committed(long commitTs) {
        return new Response.Committed(ts(commitTs), List.of(1L), false);
    }
}
