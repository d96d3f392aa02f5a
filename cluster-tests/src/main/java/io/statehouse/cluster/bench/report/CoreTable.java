package io.statehouse.cluster.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Figures of the core as lines with straight columns. */
public final class CoreTable {
    private static final double MICROS_PER_SECOND = 1e6;

    private CoreTable() {}

    /** The lines. */
    public static List<String> of(List<CoreFigure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("benchmark", "of", "/s", "min–max", "µs each", "bytes each"));
        figures.forEach(figure -> rows.add(List.of(
                figure.benchmark(),
                figure.of(),
                Numbers.of(figure.perSecond().median()),
                Numbers.range(figure.perSecond()),
                Numbers.of(MICROS_PER_SECOND / figure.perSecond().median()),
                Numbers.of(figure.bytesEach()))));
        return ComparisonTable.columns(rows);
    }
}
