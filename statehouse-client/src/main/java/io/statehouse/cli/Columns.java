package io.statehouse.cli;

import java.util.List;
import java.util.stream.IntStream;

/** Rows of cells as lines with straight columns. */
final class Columns {
    private Columns() {}

    static List<String> of(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> EventLines.length(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(cell).append(" ".repeat(widths[column] - EventLines.length(cell) + 2));
        }
        return line.toString().stripTrailing();
    }
}
