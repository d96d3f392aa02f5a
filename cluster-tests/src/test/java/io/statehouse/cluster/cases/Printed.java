package io.statehouse.cluster.cases;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What commands printed, without what differs from run to run. */
final class Printed {
    /** What differs, and what stands for it while outputs are compared. */
    private static final List<Map.Entry<Pattern, String>> VARIABLE = List.of(
            Map.entry(Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?"), "TIME"),
            Map.entry(Pattern.compile("\\b\\d\\d:\\d\\d:\\d\\dZ"), "TIME"),
            Map.entry(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d+ \\(\\d{4}-\\d\\d-\\d\\d\\)"), "TIME"),
            Map.entry(Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UUID"),
            Map.entry(Pattern.compile("txn=[0-9a-f]{8}-[0-9a-f]{3}\\b"), "UUID"),
            Map.entry(Pattern.compile("Git SHA: \\w+"), "HASH"),
            Map.entry(Pattern.compile("\\b[0-9a-f]{12,64}\\b"), "HASH"),
            Map.entry(Pattern.compile("127\\.0\\.0\\.1:\\d+"), "ADDRESS"),
            Map.entry(Pattern.compile("statehouse-[\\w.-]+\\.tar\\.gz"), "TARBALL"),
            Map.entry(
                    Pattern.compile("[\\d.,]+ ?([mu]?s|[KMG]iB|[kM]B|bytes|files|kept|log entries|writes)\\b"),
                    "AMOUNT"),
            Map.entry(Pattern.compile("(?<=_ms\":)\\d+"), "AMOUNT"),
            Map.entry(Pattern.compile("Feature level: \\d+ \\(n\\d knows \\d+\\)"), "LEVEL"),
            Map.entry(Pattern.compile("([Tt]erm:?|Lag:?|[Ii]ndex( =)?|(batch|commands) =|lines 1 to) +\\d+"), "AMOUNT"),
            Map.entry(Pattern.compile("eventThread = .*"), "THREAD"),
            Map.entry(Pattern.compile("stage = \"\\w+\""), "STAGE"),
            // The number of a line of the audit.
            Map.entry(Pattern.compile("^\\d+ TIME (?=administered|denied)"), "LINE "),
            Map.entry(Pattern.compile("(?<=ADDRESS) +\\d+$"), " LAG"),
            // Columns are as wide as what stands in them.
            Map.entry(Pattern.compile(" {2,}"), " "),
            Map.entry(Pattern.compile(" +$"), ""));

    /** Said once a second while a change goes on, and so as often as the machine is slow. */
    private static final Pattern PASSING = Pattern.compile("n\\d catches up: .*|not done yet: .*");

    private Printed() {}

    static List<String> constant(List<String> lines) {
        return lines.stream()
                .filter(line -> !PASSING.matcher(line).matches())
                .map(Printed::constant)
                .toList();
    }

    private static String constant(String line) {
        String constant = line;
        for (var one : VARIABLE) {
            constant = one.getKey().matcher(constant).replaceAll(one.getValue());
        }
        return constant;
    }
}
