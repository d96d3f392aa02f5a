package io.statehouse.cluster.check.cycle;

import static io.statehouse.cluster.check.Anomaly.ABORTED_READ;
import static io.statehouse.cluster.check.Anomaly.ANTI_DEPENDENCY_CYCLE;
import static io.statehouse.cluster.check.Anomaly.ANTI_DEPENDENCY_CYCLE_REALTIME;
import static io.statehouse.cluster.check.Anomaly.CIRCULAR_INFORMATION_FLOW;
import static io.statehouse.cluster.check.Anomaly.CIRCULAR_INFORMATION_FLOW_REALTIME;
import static io.statehouse.cluster.check.Anomaly.DOUBLE_APPLY;
import static io.statehouse.cluster.check.Anomaly.GARBAGE;
import static io.statehouse.cluster.check.Anomaly.INCOMPATIBLE_ORDER;
import static io.statehouse.cluster.check.Anomaly.INTERMEDIATE_READ;
import static io.statehouse.cluster.check.Anomaly.INTERNAL;
import static io.statehouse.cluster.check.Anomaly.LOST_APPEND;
import static io.statehouse.cluster.check.Anomaly.READ_SKEW;
import static io.statehouse.cluster.check.Anomaly.READ_SKEW_REALTIME;
import static io.statehouse.cluster.check.Anomaly.WRITE_CYCLE;
import static io.statehouse.cluster.check.Anomaly.WRITE_CYCLE_REALTIME;
import static io.statehouse.cluster.check.Script.key;
import static io.statehouse.cluster.check.Script.ts;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.CpuTime;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppendCheckerTest {
    private static final AppendChecker CHECKER = new AppendChecker();

    private final Script script = new Script(Load.APPEND);
    private long ids;

    @Test
    void anEmptyHistoryIsLegal() {
        script.isLegalTo(CHECKER);
    }

    @Test
    void transactionsOneAfterAnotherAreLegal() {
        at(0, 1).ok("x+1 y+1");
        at(2, 3).ok("x=1 x+2");
        at(4, 5).ok("x=1,2 y=1");

        legal();
    }

    @Test
    void writesThatOverwriteOneAnotherAreG0() {
        at(0, 9).ok("x+1 y+1");
        at(0, 9).ok("x+2 y+2");
        at(0, 9).ok("x=1,2 y=2,1");

        illegal(WRITE_CYCLE);
    }

    @Test
    void writesInOneOrderAreLegal() {
        at(0, 9).ok("x+1 y+1");
        at(0, 9).ok("x+2 y+2");
        at(0, 9).ok("x=1,2 y=1,2");

        legal();
    }

    @Test
    void aReadOfAFailedAppendIsG1a() {
        at(0, 1).failed("x+1");
        at(2, 3).ok("x=1");

        illegal(ABORTED_READ);
    }

    @Test
    void aFailedAppendThatNobodyReadsIsLegal() {
        at(0, 1).failed("x+1");
        at(2, 3).ok("x=");

        legal();
    }

    @Test
    void aReadOfTheMiddleOfATransactionIsG1b() {
        at(0, 9).ok("x+1 x+2");
        at(0, 9).ok("x=1");
        at(20, 21).ok("x=1,2");

        assertThat(anomalies()).contains(INTERMEDIATE_READ);
    }

    @Test
    void aReadOfItsEndIsLegal() {
        at(0, 9).ok("x+1 x+2");
        at(0, 9).ok("x=1,2");

        legal();
    }

    @Test
    void transactionsThatReadOneAnotherAreG1c() {
        at(0, 9).ok("x+1 y=1");
        at(0, 9).ok("y+1 x=1");

        illegal(CIRCULAR_INFORMATION_FLOW);
    }

    @Test
    void aTransactionThatReadsTheOtherIsLegal() {
        at(0, 9).ok("x+1 y=");
        at(0, 9).ok("y+1 x=1");

        legal();
    }

    @Test
    void aSnapshotOfTwoMomentsIsGSingle() {
        at(0, 9).ok("x+1 y+1");
        at(0, 9).ok("x= y=1");
        at(20, 21).ok("x=1 y=1");

        illegal(READ_SKEW);
    }

    @Test
    void aLostUpdateIsGSingle() {
        at(0, 9).ok("x= x+1");
        at(0, 9).ok("x= x+2");
        at(20, 21).ok("x=1,2");

        illegal(READ_SKEW);
    }

    @Test
    void anUpdateOfWhatWasReadIsLegal() {
        at(0, 9).ok("x= x+1");
        at(0, 9).ok("x=1 x+2");
        at(20, 21).ok("x=1,2");

        legal();
    }

    @Test
    void twoTransactionsThatMissOneAnotherAreG2() {
        at(0, 9).ok("x= y+1");
        at(0, 9).ok("y= x+1");
        at(20, 21).ok("x=1 y=1");

        illegal(ANTI_DEPENDENCY_CYCLE);
    }

    @Test
    void missedAppendsCountEvenIfNoReadEverShowsThem() {
        at(0, 9).ok("x= y+1");
        at(0, 9).ok("y= x+1");

        illegal(ANTI_DEPENDENCY_CYCLE);
    }

    @Test
    void aLaterAppendBeforeAnEarlierOneIsG0AgainstTheClock() {
        at(0, 1).ok("x+1");
        at(2, 3).ok("x+2");
        at(0, 9).ok("x=2,1");

        illegal(WRITE_CYCLE_REALTIME);
    }

    @Test
    void aReadOfTheFutureIsG1cAgainstTheClock() {
        at(0, 1).ok("x=1");
        at(2, 3).ok("x+1");

        illegal(CIRCULAR_INFORMATION_FLOW_REALTIME);
    }

    @Test
    void aStaleReadIsGSingleAgainstTheClock() {
        at(0, 1).ok("x+1");
        at(2, 3).ok("x=");
        at(4, 5).ok("x=1");

        illegal(READ_SKEW_REALTIME);
    }

    @Test
    void aReadBesideTheAppendMayMissIt() {
        at(0, 2).ok("x+1");
        at(2, 3).ok("x=");
        at(4, 5).ok("x=1");

        legal();
    }

    @Test
    void readsThatSeeTwoAppendsInTwoOrdersAreG2() {
        // Each reader saw one append and missed the other, which is a long fork.
        at(0, 9).ok("x+1");
        at(0, 9).ok("y+1");
        at(3, 4).ok("x=1 y=");
        at(3, 4).ok("x= y=1");

        illegal(ANTI_DEPENDENCY_CYCLE);
    }

    @Test
    void readsThatMissOneAppendEachAgainstTheClockAreG2() {
        at(0, 1).ok("x+1");
        at(0, 9).ok("y+1");
        at(0, 9).ok("x= y=1");
        at(2, 9).ok("y=");
        at(20, 21).ok("x=1 y=1");

        illegal(ANTI_DEPENDENCY_CYCLE_REALTIME);
    }

    @Test
    void anElementTwiceWasAppliedTwice() {
        at(0, 1).ok("x+1");
        at(2, 3).ok("x=1,1");

        assertThat(anomalies()).contains(DOUBLE_APPLY);
    }

    @Test
    void anElementOfNobodyIsGarbage() {
        at(0, 1).ok("x=7");

        illegal(GARBAGE);
    }

    @Test
    void readsThatAreNotPrefixesOfOneAnotherAreAFork() {
        at(0, 9).ok("x+1");
        at(0, 9).ok("x+2");
        at(0, 9).ok("x=1");
        at(0, 9).ok("x=2");

        assertThat(anomalies()).contains(INCOMPATIBLE_ORDER);
    }

    @Test
    void anAcknowledgedAppendMissingInALaterReadIsLost() {
        at(0, 1).ok("x+1");
        at(2, 3).ok("x+2");
        at(4, 5).ok("x=2");

        assertThat(anomalies()).contains(LOST_APPEND);
    }

    @Test
    void aTransactionThatDoesNotSeeItsOwnAppendIsInternallyWrong() {
        at(0, 1).ok("x+1 x=");

        assertThat(anomalies()).contains(INTERNAL);
    }

    @Test
    void anUnknownTransactionThatWasReadCounts() {
        at(0, 9).unknown("x+1 y+1");
        at(20, 21).ok("x=1 y=");

        illegal(READ_SKEW);
    }

    @Test
    void anUnknownTransactionMayTakeEffectLate() {
        at(0, 9).unknown("x+1 y+1");
        at(20, 21).ok("x= y=");
        at(30, 31).ok("x=1 y=1");

        legal();
    }

    @Test
    void anUnknownTransactionMayNeverTakeEffect() {
        at(0, 9).unknown("x+1");
        at(20, 21).ok("x= x+2");
        at(30, 31).ok("x=2");

        legal();
    }

    @Test
    void theCycleShownIsMinimal() {
        for (int other = 0; other < 50; other++) {
            at(0, 9).ok("z%d+1".formatted(other));
        }
        at(0, 1).ok("x+1");
        at(2, 3).ok("x=");
        at(4, 5).ok("x=1");

        assertThat(Script.findings(CHECKER.check(script.history())))
                .singleElement()
                .satisfies(finding -> assertThat(finding.witness().lines().filter(line -> line.contains("append t")))
                        .hasSize(2));
    }

    @Test
    void twentyThousandTransactionsAreNoTrouble() {
        List<List<Long>> lists = new ArrayList<>();
        for (int index = 0; index < 20_000; index++) {
            int list = index / 100;
            if (lists.size() == list) {
                lists.add(new ArrayList<>());
            }
            Request request = new Request.Append(
                    txn("t" + index),
                    List.of(new Step.ReadList(key("l" + list)), new Step.AppendElement(key("l" + list), index)));
            List<Long> seen = List.copyOf(lists.get(list));
            lists.get(list).add((long) index);
            script.at(10L * index, 10L * index + 75).ok(request, new Response.Lists(List.of(seen), ts(index + 1)));
        }

        assertThat(CpuTime.of("append, 20,000 transactions", () -> CHECKER.check(script.history())))
                .isEqualTo(new Verdict.Legal(20_000));
    }

    private AppendCheckerTest at(long from, long to) {
        script.at(from, to);
        return this;
    }

    /** Steps: {@code x+1} appends, {@code x=1,2} read that. */
    private void ok(String steps) {
        List<List<Long>> reads = new ArrayList<>();
        for (String step : steps.split(" ", -1)) {
            if (step.contains("=")) {
                reads.add(numbers(step.substring(step.indexOf('=') + 1)));
            }
        }
        script.ok(request(steps), new Response.Lists(reads, ts(0)));
    }

    private void failed(String steps) {
        script.fail(request(steps), new Response.Refused("NOT_READY", ""));
    }

    private void unknown(String steps) {
        script.unknown(request(steps));
    }

    private Request request(String steps) {
        List<Step> parsed = new ArrayList<>();
        for (String step : steps.split(" ", -1)) {
            int append = step.indexOf('+');
            parsed.add(
                    append < 0
                            ? new Step.ReadList(key(step.substring(0, step.indexOf('='))))
                            : new Step.AppendElement(
                                    key(step.substring(0, append)), Long.parseLong(step.substring(append + 1))));
        }
        return new Request.Append(txn("t" + ++ids), parsed);
    }

    private static List<Long> numbers(String text) {
        List<Long> numbers = new ArrayList<>();
        for (String number : text.split(",", -1)) {
            if (!number.isEmpty()) {
                numbers.add(Long.parseLong(number));
            }
        }
        return numbers;
    }

    private List<Anomaly> anomalies() {
        return Script.findings(CHECKER.check(script.history())).stream()
                .map(finding -> finding.anomaly())
                .toList();
    }

    private void legal() {
        script.isLegalTo(CHECKER);
    }

    private void illegal(Anomaly... expected) {
        script.isIllegalTo(CHECKER, expected);
    }
}
