package io.statehouse.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.toy.Bug;
import io.statehouse.cluster.check.toy.ToyRun;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checker is worth what it catches, and what it leaves alone. */
class SeededBugTest {
    private static final int RUNS = 30;
    private static final int CALLS = 800;
    private static final int LEGAL_RUNS = 10_000;
    private static final int FEW_CALLS = 45;
    private static final long SEED = Long.getLong("statehouse.seed", 1);

    @ParameterizedTest
    @EnumSource(value = Bug.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyBugIsNoticedInEveryRun(Bug bug) {
        Map<String, Integer> noticed = new TreeMap<>();
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            CheckReport report = new Checks(Budget.standard()).check(ToyRun.of(seed, bug, CALLS));
            report.verdicts().forEach((name, verdict) -> {
                if (verdict instanceof Verdict.Illegal) {
                    noticed.merge(name, 1, Integer::sum);
                }
            });
        }

        System.out.println(bug + " noticed in " + RUNS + " runs from seed " + SEED + " by " + noticed);
        assertThat(bug.noticedBy())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(noticed)
                        .as("runs from seed %d in which %s noticed %s", SEED, name, bug)
                        .containsEntry(name, RUNS));
    }

    @Test
    void longCleanRunsAreLegalToEveryChecker() {
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            assertLegal(seed, new Checks(Budget.standard()).check(ToyRun.of(seed, Bug.NONE, CALLS)));
        }
    }

    @Test
    void tenThousandCleanRunsRaiseNoFalseAlarm() {
        CpuTime.of("all checkers, 10,000 runs of " + FEW_CALLS + " calls", () -> {
            for (long seed = SEED; seed < SEED + LEGAL_RUNS; seed++) {
                assertLegal(seed, new Checks(Budget.standard()).check(ToyRun.of(seed, Bug.NONE, FEW_CALLS)));
            }
            return LEGAL_RUNS;
        });
    }

    @Test
    void cleanRunsWithoutAJournalRaiseNoFalseAlarmEither() {
        for (long seed = SEED; seed < SEED + LEGAL_RUNS / 10; seed++) {
            History blind = ToyRun.of(seed, Bug.NONE, FEW_CALLS).withReplays(List.of());
            CheckReport report = new Checks(Budget.standard()).check(blind);

            assertThat(report.isViolation())
                    .as("seed %d\n%s", seed, report.text())
                    .isFalse();
            assertThat(report.verdicts().get("linearizable")).isNotInstanceOf(Verdict.Undecided.class);
        }
    }

    private static void assertLegal(long seed, CheckReport report) {
        assertThat(report.isPass()).as("seed %d\n%s", seed, report.text()).isTrue();
    }
}
