package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A comparison as lines with straight columns. */
public final class ComparisonTable {
    private static final List<Contender> YARDSTICKS = List.of(Contender.ETCD, Contender.REDIS);

    private final Comparison comparison;
    private final List<String> lines = new ArrayList<>();

    private ComparisonTable(Comparison comparison) {
        this.comparison = comparison;
    }

    /** The lines. */
    public static List<String> of(Comparison comparison) {
        var table = new ComparisonTable(comparison);
        comparison.conditions().forEach((name, value) -> table.lines.add(name + ": " + value));
        comparison.workloads().forEach(table::workload);
        return List.copyOf(table.lines);
    }

    private void workload(Workload workload) {
        lines.add("");
        lines.add(workload.word() + ": " + workload.meaning());
        lines.addAll(columns(rows(comparison, workload)));
    }

    /** The cells of a workload, headings first. */
    static List<List<String>> rows(Comparison comparison, Workload workload) {
        List<List<String>> rows = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of(
                "callers",
                "system",
                workload.unit(),
                "min–max",
                "p50 ms",
                "p99 ms",
                "driver cpu",
                "all cpu",
                "failed"));
        YARDSTICKS.forEach(yardstick -> headings.add("÷ " + yardstick.word()));
        rows.add(headings);
        comparison.of(workload).stream()
                .sorted((a, b) -> Integer.compare(a.callers(), b.callers()))
                .forEach(figure -> rows.add(row(comparison, figure)));
        return rows;
    }

    private static List<String> row(Comparison comparison, Figure figure) {
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(figure.callers()),
                figure.contender().word(),
                Numbers.of(figure.perSecond().median()),
                Numbers.range(figure.perSecond()),
                Numbers.of(figure.p50Millis().median()),
                Numbers.of(figure.p99Millis().median()),
                Numbers.percent(figure.driver().median()),
                Numbers.percent(figure.machine().median()),
                String.format(Locale.ROOT, "%d", figure.failures())));
        for (Contender yardstick : YARDSTICKS) {
            Figure other = comparison.beside(figure, yardstick);
            row.add(other == null || figure.contender() == yardstick ? "" : Numbers.ratio(figure.ratioTo(other)));
        }
        return row;
    }

    /** Rows of equally many cells as lines with straight columns. */
    public static List<String> columns(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            line.append(row.get(column))
                    .append(" ".repeat(widths[column] - row.get(column).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
