package io.statehouse.cli;

import java.util.Collection;
import java.util.Map;

/** One JSON object, written field by field in the order of the calls. */
final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");

    JsonLine text(String name, String value) {
        return json(name, JsonText.quote(value));
    }

    JsonLine number(String name, long value) {
        return json(name, Long.toString(value));
    }

    JsonLine number(String name, double value) {
        return json(name, Double.isFinite(value) ? Double.toString(value) : "null");
    }

    JsonLine truth(String name, boolean value) {
        return json(name, Boolean.toString(value));
    }

    /** A claim that is left out where it does not hold. */
    JsonLine truthIf(String name, boolean value) {
        return value ? truth(name, true) : this;
    }

    JsonLine texts(String name, Collection<String> values) {
        return array(name, values.stream().map(JsonText::quote).toList());
    }

    JsonLine texts(String name, Map<String, String> values) {
        var object = new JsonLine();
        values.forEach(object::text);
        return json(name, object.toString());
    }

    JsonLine array(String name, Collection<?> jsonElements) {
        return json(name, arrayOf(jsonElements));
    }

    /** A field whose value is JSON text already. */
    JsonLine json(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(JsonText.quote(name)).append(':').append(value);
        return this;
    }

    static String arrayOf(Collection<?> jsonElements) {
        var array = new StringBuilder("[");
        for (Object element : jsonElements) {
            array.append(array.length() > 1 ? "," : "").append(element);
        }
        return array.append(']').toString();
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
