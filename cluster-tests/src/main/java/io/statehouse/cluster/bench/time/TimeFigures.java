package io.statehouse.cluster.bench.time;

import io.statehouse.client.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured of one store: figures by name, in the order they are told. The name ends with the unit.
 *
 * @param events how many events the store held
 */
public record TimeFigures(long events, Map<String, Double> figures) {
    /** Copies the figures. */
    public TimeFigures {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** The cells of a table with a column for each store, headings first. */
    public static List<List<String>> rows(List<TimeFigures> stores) {
        List<List<String>> rows = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of("events in the store"));
        stores.forEach(store -> headings.add(String.format(Locale.ROOT, "%,d", store.events())));
        rows.add(headings);
        for (String name : stores.getFirst().figures().keySet()) {
            List<String> row = new ArrayList<>(List.of(name));
            stores.forEach(store -> row.add(text(store.figures().getOrDefault(name, Double.NaN))));
            rows.add(row);
        }
        return rows;
    }

    private static String text(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    /** One line of JSON. */
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("events", events);
        fields.putAll(figures);
        return Json.of(fields).text();
    }
}
