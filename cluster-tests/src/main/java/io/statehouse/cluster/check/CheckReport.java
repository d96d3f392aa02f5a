package io.statehouse.cluster.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What all checkers made of one history. */
public record CheckReport(Map<String, Verdict> verdicts) {
    public CheckReport {
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    /** Whether every promise held. Nothing undecided is a pass. */
    public boolean isPass() {
        return verdicts.values().stream().allMatch(Verdict::isLegal);
    }

    /** Whether any promise was broken. */
    public boolean isViolation() {
        return verdicts.values().stream().anyMatch(verdict -> verdict instanceof Verdict.Illegal);
    }

    /** One line a checker, and the witnesses below the lines they belong to. */
    public String text() {
        StringBuilder text = new StringBuilder();
        verdicts.forEach((name, verdict) -> {
            text.append(String.format("%-14s ", name));
            switch (verdict) {
                case Verdict.Legal legal ->
                    text.append("LEGAL      ").append(legal.examined()).append(" examined\n");
                case Verdict.Undecided undecided ->
                    text.append("UNDECIDED  ").append(undecided.reason()).append('\n');
                case Verdict.Illegal illegal -> append(illegal, text);
            }
        });
        return text.toString();
    }

    private static void append(Verdict.Illegal illegal, StringBuilder text) {
        text.append("ILLEGAL    ").append(illegal.findings().size()).append(" shown\n");
        for (Finding finding : illegal.findings()) {
            text.append("  ")
                    .append(finding.anomaly())
                    .append(", ")
                    .append(finding.anomaly().meaning())
                    .append('\n');
            finding.witness()
                    .lines()
                    .forEach(line -> text.append("    ").append(line).append('\n'));
        }
    }
}
