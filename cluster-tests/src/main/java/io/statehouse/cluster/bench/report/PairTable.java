package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Two things that took turns in every round: their figures, and the ratios of the second to the first, round by round. */
public final class PairTable {
    private final String first;
    private final String second;
    private final List<List<String>> rows = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    /**
     * A table without rows.
     *
     * @param heading what all rows are about
     */
    public PairTable(String heading, String first, String second) {
        this.first = first;
        this.second = second;
        rows.add(List.of(heading, first, second, second + " / " + first + ", by round"));
    }

    /** Adds a row: the i-th figures of both were taken in the i-th round. */
    public void row(String name, List<Double> ofFirst, List<Double> ofSecond) {
        rows.add(List.of(
                name, text(Spread.of(ofFirst)), text(Spread.of(ofSecond)), text(Spread.ofRatios(ofSecond, ofFirst))));
        figures.put(name, Map.of(first, ofFirst, second, ofSecond));
    }

    /** Its lines, with straight columns. */
    public List<String> lines() {
        return ComparisonTable.columns(rows);
    }

    /** Every figure of every round, by row. */
    public Map<String, Object> figures() {
        return new LinkedHashMap<>(figures);
    }

    private static String text(Spread spread) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", spread.median(), spread.min(), spread.max());
    }
}
