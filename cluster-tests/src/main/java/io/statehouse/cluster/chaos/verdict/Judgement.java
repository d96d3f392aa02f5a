package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.chaos.verdict.Ruling.Grade;
import io.statehouse.cluster.check.CheckReport;
import java.util.Comparator;
import java.util.List;

/**
 * The verdict on a run.
 *
 * @param rulings the demands on the run, the case's own last
 * @param checks what the checkers made of its history
 */
public record Judgement(List<Ruling> rulings, CheckReport checks) {
    /** Copies the list. */
    public Judgement {
        rulings = List.copyOf(rulings);
    }

    /** The worst of all rulings. */
    public Grade grade() {
        return rulings.stream()
                .map(Ruling::grade)
                .max(Comparator.naturalOrder())
                .orElse(Grade.INVALID);
    }

    /** One line for each ruling, the worst first, then the witnesses of the checkers. */
    public String text() {
        var text = new StringBuilder();
        rulings.stream()
                .sorted(Comparator.comparing(Ruling::grade).reversed())
                .forEach(ruling ->
                        text.append(String.format("%-8s %-28s %s%n", ruling.grade(), ruling.demand(), ruling.text())));
        return text.append('\n').append(checks.text()).toString();
    }
}
