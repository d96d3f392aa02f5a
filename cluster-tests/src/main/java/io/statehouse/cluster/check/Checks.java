package io.statehouse.cluster.check;

import io.statehouse.cluster.check.agent.SessionChecker;
import io.statehouse.cluster.check.agent.ToolChecker;
import io.statehouse.cluster.check.cycle.AppendChecker;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.linear.LinearizabilityChecker;
import io.statehouse.cluster.check.order.CommitTsChecker;
import io.statehouse.cluster.check.order.ReplayChecker;
import io.statehouse.cluster.check.order.TimeTravelChecker;
import io.statehouse.cluster.check.order.WitnessChecker;
import io.statehouse.cluster.check.workload.BankChecker;
import io.statehouse.cluster.check.workload.IdempotencyChecker;
import io.statehouse.cluster.check.workload.SetChecker;
import io.statehouse.cluster.check.workload.StagedChecker;
import io.statehouse.cluster.check.workload.WatchChecker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every checker over one history.
 *
 * <p>The history says what it must have proved: setting {@value #REQUIRE} names checkers, separated by commas, and
 * {@value #MINIMUM} how many facts each of them must have examined. A checker that was not required and found nothing to
 * examine is left out; one that could not decide never is, and that is no pass.
 */
public final class Checks {
    public static final String REQUIRE = "require";
    public static final String MINIMUM = "minimum";

    private final List<Checker> checkers;

    public Checks(Budget budget) {
        this.checkers = List.of(
                new LinearizabilityChecker(budget),
                new SetChecker(),
                new AppendChecker(),
                new BankChecker(),
                new IdempotencyChecker(),
                new CommitTsChecker(),
                new ReplayChecker(),
                new WatchChecker(),
                new TimeTravelChecker(),
                new StagedChecker(),
                new SessionChecker(),
                new ToolChecker(),
                new WitnessChecker());
    }

    /** Resolves what can be, then asks every checker. */
    public CheckReport check(History unresolved) {
        History history = Resolution.resolve(unresolved);
        List<String> required = required(history);
        long minimum = Long.parseLong(history.settings().getOrDefault(MINIMUM, "1"));
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (String name : required) {
            if (checkers.stream().noneMatch(checker -> checker.name().equals(name))) {
                verdicts.put(name, new Verdict.Undecided("there is no such checker"));
            }
        }
        for (Checker checker : checkers) {
            boolean isRequired = required.contains(checker.name());
            Verdict verdict = checker.check(history);
            boolean isEmpty = verdict instanceof Verdict.Legal legal && legal.examined() == 0;
            if (isRequired || !isEmpty) {
                verdicts.put(checker.name(), isRequired ? demand(verdict, minimum) : verdict);
            }
        }
        return new CheckReport(verdicts);
    }

    private static List<String> required(History history) {
        String names = history.settings().getOrDefault(REQUIRE, "");
        return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
    }

    private static Verdict demand(Verdict verdict, long minimum) {
        return verdict instanceof Verdict.Legal legal && legal.examined() < minimum
                ? new Verdict.Undecided("only " + legal.examined() + " of at least " + minimum + " facts to go by")
                : verdict;
    }
}
