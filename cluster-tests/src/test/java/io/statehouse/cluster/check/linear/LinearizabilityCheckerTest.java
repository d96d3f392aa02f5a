package io.statehouse.cluster.check.linear;

import static io.statehouse.cluster.check.Anomaly.NOT_LINEARIZABLE;
import static io.statehouse.cluster.check.Script.json;
import static io.statehouse.cluster.check.Script.key;
import static io.statehouse.cluster.check.Script.ts;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Budget;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.CpuTime;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityCheckerTest {
    private static final Key K = key("k");
    private static final Checker CHECKER = new LinearizabilityChecker(Budget.standard());
    private static final Request READ = new Request.Read(K, ReadPoint.LATEST);
    private static final Response NOTHING = new Response.Found(null, 0, ts(0), ts(0));

    private final Script script = new Script(Load.REGISTER);

    @Test
    void anEmptyHistoryIsLegal() {
        script.isLegalTo(CHECKER);
    }

    @Test
    void aReadThatBeganAfterAWriteHadReturnedMustSeeIt() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(11, 20).ok(READ, NOTHING);

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aReadBesideAWriteMayMissIt() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(9, 20).ok(READ, NOTHING);

        script.isLegalTo(CHECKER);
    }

    @Test
    void aReadThatBeganInTheMomentAWriteReturnedIsBesideIt() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(10, 20).ok(READ, NOTHING);

        script.isLegalTo(CHECKER);
    }

    @Test
    void onceAReadHasSeenAWriteNoLaterReadMayMissIt() {
        script.at(0, 100)
                .ok(put("1"), committed(1, 1))
                .at(10, 20)
                .ok(READ, found("1", 1, 1))
                .at(30, 40)
                .ok(READ, NOTHING);

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void twoReadsBesideEachOtherMaySeeAWriteAndMissIt() {
        script.at(0, 100)
                .ok(put("1"), committed(1, 1))
                .at(10, 35)
                .ok(READ, found("1", 1, 1))
                .at(30, 40)
                .ok(READ, NOTHING);

        script.isLegalTo(CHECKER);
    }

    @Test
    void aWriteThatIsLostUnderTheNextOneIsNoticedByItsVersion() {
        script.at(0, 10)
                .ok(put("1"), committed(1, 1))
                .at(20, 30)
                .ok(put("2"), committed(2, 1))
                .at(40, 50)
                .ok(READ, found("2", 1, 2));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aLaterWriteMayNotHaveASmallerCommitTs() {
        script.at(0, 10).ok(put("1"), committed(2, 1)).at(20, 30).ok(put("2"), committed(1, 2));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aConditionalWriteMustHaveSeenItsVersion() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(20, 30).ok(putIf("2", version(0)), committed(2, 2));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aRefusalTellsTheVersionThatRefused() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(20, 30).fail(putIf("2", version(0)), conflict(1, 1));

        script.isLegalTo(CHECKER);
    }

    @Test
    void aRefusalWithoutACauseIsIllegal() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(20, 30).fail(putIf("2", version(1)), conflict(1, 1));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aRefusalFromAnOldStateIsIllegal() {
        script.at(0, 10)
                .ok(put("1"), committed(1, 1))
                .at(11, 15)
                .ok(put("2"), committed(2, 2))
                .at(20, 30)
                .fail(putIf("3", version(2)), conflict(1, 1));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void conditionsOfEveryKindAreJudged() {
        script.at(0, 1)
                .ok(putIf("1", new Condition.Absent(K)), committed(1, 1))
                .at(2, 3)
                .ok(putIf("2", new Condition.Exists(K)), committed(2, 2))
                .at(4, 5)
                .ok(putIf("3", new Condition.UnchangedSince(K, ts(2))), committed(3, 3));
        script.isLegalTo(CHECKER);

        script.at(6, 7).ok(putIf("4", new Condition.UnchangedSince(K, ts(2))), committed(4, 4));
        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aDeleteMakesAVersionAndLeavesNothing() {
        Request delete = new Request.Commit(txn("d"), List.of(new Operation.Delete(K)), List.of());
        script.at(0, 1).ok(delete, committed(1, 1)).at(2, 3).ok(READ, found(null, 1, 1));

        script.isLegalTo(CHECKER);
    }

    @Test
    void severalOperationsOfOneCommitAreOneStep() {
        Request both = new Request.Commit(
                txn("b"), List.of(new Operation.Put(K, json("1")), new Operation.Put(K, json("2"))), List.of());
        script.at(0, 100).ok(both, new Response.Committed(ts(1), List.of(1L, 2L), false));
        script.at(10, 20).ok(READ, found("2", 2, 1));
        script.isLegalTo(CHECKER);

        script.at(30, 40).ok(READ, found("1", 1, 1));
        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @ParameterizedTest
    @ValueSource(longs = {30, 1_000_000})
    void anUnknownWriteMayTakeEffectAtAnyLaterTime(long readAt) {
        script.at(0, 0).unknown(put("1"));
        script.at(20, 25).ok(READ, NOTHING).at(readAt, readAt + 1).ok(READ, found("1", 1, 7));

        script.isLegalTo(CHECKER);
    }

    @Test
    void anUnknownWriteMayNeverTakeEffect() {
        script.at(0, 0).unknown(put("1"));
        script.at(20, 25).ok(READ, NOTHING).at(30, 35).ok(put("2"), committed(1, 1));

        script.isLegalTo(CHECKER);
    }

    @Test
    void anUnknownWriteMayNotTakeEffectBeforeItsCall() {
        script.at(0, 5).ok(READ, found("1", 1, 1)).at(10, 10).unknown(put("1"));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void anUnknownWriteMayNotTakeEffectTwice() {
        script.at(0, 0).unknown(put("1"));
        script.at(1, 2).ok(READ, found("1", 1, 1)).at(3, 4).ok(READ, found("1", 2, 2));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void anUnknownWriteThatTheJournalHoldsMustBeSeen() {
        script.at(0, 0).unknown(put("1"));
        script.at(10, 20).ok(put("2"), committed(2, 1));
        script.journal(1, "1", "k", "1").journal(2, "2", "k", "2");

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void aFailedWriteMayNotBeSeen() {
        script.at(0, 10)
                .fail(put("1"), new Response.Refused("NOT_READY", ""))
                .at(20, 30)
                .ok(READ, found("1", 1, 1));

        script.isIllegalTo(CHECKER, NOT_LINEARIZABLE);
    }

    @Test
    void keysAreIndependent() {
        Request other = new Request.Read(key("other"), ReadPoint.LATEST);
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(20, 30).ok(other, NOTHING);

        script.isLegalTo(CHECKER);
    }

    @Test
    void localReadsPromiseNothingHere() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(20, 30).ok(new Request.Read(K, ReadPoint.LOCAL), NOTHING);

        script.isLegalTo(CHECKER);
    }

    @Test
    void aCallOverTwoKeysCannotBeDecidedKeyByKey() {
        Request two = new Request.Commit(
                txn("t"), List.of(new Operation.Put(K, json("1")), new Operation.Put(key("l"), json("1"))), List.of());
        script.at(0, 1).ok(two, new Response.Committed(ts(1), List.of(1L, 1L), false));

        assertThat(CHECKER.check(script.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void anEmptyBudgetIsNoPass() {
        script.at(0, 10).ok(put("1"), committed(1, 1)).at(5, 20).ok(READ, found("1", 1, 1));
        Budget none = new Budget(1, Duration.ofMinutes(1), System::nanoTime);

        assertThat(new LinearizabilityChecker(none).check(script.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void aDeadlineIsNoPass() {
        for (int write = 0; write < 18; write++) {
            script.at(0, 0).unknown(put("u" + write));
        }
        script.at(1, 2).ok(READ, found("never written", 9, 9));
        Budget late = new Budget(Long.MAX_VALUE, Duration.ZERO, System::nanoTime);

        assertThat(new LinearizabilityChecker(late).check(script.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void aHundredKeysOfThreeHundredCallsAreNoTrouble() {
        for (int key = 0; key < 100; key++) {
            for (int write = 1; write <= 300; write++) {
                Key one = key("k" + key);
                String id = key + "-" + write;
                Request put = new Request.Commit(txn(id), List.of(new Operation.Put(one, json("1"))), List.of());
                script.at(10L * write, 10L * write + 75);
                if (write % 50 == 0) {
                    // One in fifty is unknown, and took effect.
                    script.unknown(put);
                } else {
                    script.ok(put, committed(write, write));
                }
            }
        }

        assertThat(CpuTime.of(
                        "linearizable, 100 keys of 300 calls, 8 at once, 2 % unknown",
                        () -> CHECKER.check(script.history())))
                .isEqualTo(new Verdict.Legal(30_000));
    }

    @Test
    void theWitnessShowsTheLastStateAndTheCallThatCannotFollow() {
        script.at(0, 10).ok(put("\"new\""), committed(1, 1)).at(11, 20).ok(READ, NOTHING);
        History history = script.history();

        assertThat(Script.findings(CHECKER.check(history)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.witness())
                        .contains("ns/a/k", "\"new\"", "version 1", "read ns/a/k", "One of these had to come next"));
    }

    private static Request put(String value) {
        return new Request.Commit(txn(value), List.of(new Operation.Put(K, json(value))), List.of());
    }

    private static Request putIf(String value, Condition condition) {
        return new Request.Commit(txn(value), List.of(new Operation.Put(K, json(value))), List.of(condition));
    }

    private static Condition version(long version) {
        return new Condition.VersionEquals(K, version);
    }

    private static Response committed(long commitTs, long version) {
        return new Response.Committed(ts(commitTs), List.of(version), false);
    }

    private static Response conflict(long version, long commitTs) {
        return new Response.Conflict(K, version, ts(commitTs));
    }

    private static Response found(@Nullable String value, long version, long commitTs) {
        return new Response.Found(value == null ? null : json(value), version, ts(commitTs), ts(commitTs));
    }
}
