package io.statehouse.cli;

import java.util.List;
import java.util.stream.Collectors;

/** A value in so few characters that an event stays one line; its form is part of the published contract. */
final class ValueSummary {
    private static final int SUMMARY_MAX = 120;
    private static final int PREVIEW_MAX = 30;
    private static final int SHOWN_OF_A_CONTAINER = 2;
    // A cut string gives up its two quotes, three dots and one character more.
    private static final int CUT_STRING_SPARES = 6;

    private ValueSummary() {}

    static String of(String json) {
        return of(json, SUMMARY_MAX);
    }

    private static String of(String json, int max) {
        String compact = JsonText.compact(json);
        if (compact.isEmpty()) {
            return compact;
        }
        return switch (compact.charAt(0)) {
            case '"' -> string(JsonText.string(compact), max);
            case '[' -> EventLines.length(compact) <= max ? compact : list(JsonText.elements(compact), max);
            case '{' -> EventLines.length(compact) <= max ? compact : dict(JsonText.fields(compact), max);
            default -> EventLines.shortened(compact, max);
        };
    }

    private static String string(String text, int max) {
        String escaped = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        String quoted = '"' + escaped + '"';
        return EventLines.length(quoted) <= max
                ? quoted
                : '"' + EventLines.first(escaped, max - CUT_STRING_SPARES) + "...\"";
    }

    private static String list(List<String> elements, int max) {
        String previews = elements.stream()
                .limit(SHOWN_OF_A_CONTAINER)
                .map(element -> of(element, PREVIEW_MAX))
                .collect(Collectors.joining(", "));
        String more = elements.size() > SHOWN_OF_A_CONTAINER ? ", ..." : "";
        return EventLines.shortened("[" + previews + more + "] len=" + elements.size(), max);
    }

    private static String dict(List<JsonText.Field> fields, int max) {
        String names = fields.stream()
                .limit(SHOWN_OF_A_CONTAINER)
                .map(field -> EventLines.shortened(field.name(), PREVIEW_MAX) + ":..., ")
                .collect(Collectors.joining());
        return EventLines.shortened("{" + names + "n_fields=" + fields.size() + "}", max);
    }
}
