package io.statehouse.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Lays out JSON text without taking its values apart, so that numbers, duplicate names and the order of fields come out
 * as they went in.
 *
 * <p>It expects JSON that someone has checked (the server has), never recurses, and ends on any text whatever. Characters
 * that could steer a terminal are written as JSON's own escapes, which changes no value.
 */
final class JsonText {
    private static final String INDENT = "  ";

    /** Deeper levels are not indented further, or a value of many brackets would fill the memory with spaces. */
    private static final int INDENTED_DEPTH_MAX = 200;

    private JsonText() {}

    /** On one line, without spaces. */
    static String compact(String json) {
        var out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); ) {
            char c = json.charAt(i);
            if (c == '"') {
                i = copyString(json, i, out);
            } else {
                if (!isSpace(c)) {
                    appendSafely(out, c);
                }
                i++;
            }
        }
        return out.toString();
    }

    /** One field or element per line, indented by two. */
    static String pretty(String json) {
        String compact = compact(json);
        var out = new StringBuilder(compact.length() * 2);
        int depth = 0;
        for (int i = 0; i < compact.length(); ) {
            char c = compact.charAt(i);
            switch (c) {
                case '"' -> i = copyString(compact, i, out) - 1;
                case '{', '[' -> {
                    out.append(c);
                    if (i + 1 < compact.length() && isClosing(compact.charAt(i + 1))) {
                        out.append(compact.charAt(++i));
                    } else {
                        newLine(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    newLine(out, --depth);
                    out.append(c);
                }
                case ',' -> {
                    out.append(c);
                    newLine(out, depth);
                }
                case ':' -> out.append(": ");
                default -> out.append(c);
            }
            i++;
        }
        return out.toString();
    }

    /** The texts of an array's elements, in order. */
    static List<String> elements(String json) {
        String compact = compact(json);
        List<String> elements = new ArrayList<>();
        int from = 1;
        int last = compact.length() - 1;
        while (from < last) {
            int to = endOfValue(compact, from);
            elements.add(compact.substring(from, to));
            from = to + 1;
        }
        return List.copyOf(elements);
    }

    /** A field of an object: its name, and the text of its value. */
    record Field(String name, String json) {}

    /** An object's fields, in order; a name that comes twice is there twice. */
    static List<Field> fields(String json) {
        String compact = compact(json);
        List<Field> fields = new ArrayList<>();
        int from = 1;
        int last = compact.length() - 1;
        while (from < last) {
            int colon = endOfValue(compact, from);
            int to = endOfValue(compact, Math.min(colon + 1, last));
            fields.add(new Field(
                    string(compact.substring(from, colon)), compact.substring(Math.min(colon + 1, last), to)));
            from = to + 1;
        }
        return List.copyOf(fields);
    }

    /** The text a JSON string stands for. */
    static String string(String json) {
        var text = new StringBuilder(json.length());
        int end = json.length() - 1;
        for (int i = 1; i < end; i++) {
            char c = json.charAt(i);
            if (c != '\\' || i + 1 >= end) {
                text.append(c);
                continue;
            }
            char escaped = json.charAt(++i);
            if (escaped == 'u' && i + 4 < json.length()) {
                text.append(unit(json, i + 1));
                i += 4;
            } else {
                text.append(unescaped(escaped));
            }
        }
        return text.toString();
    }

    /** The JSON string that stands for a text. */
    static String quote(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Printable.isSurrogatePairAt(text, i)) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        appendSafely(out, c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    // Where the value that starts here ends: the index of the ',' ':' or closing bracket behind it.
    private static int endOfValue(String compact, int from) {
        int depth = 0;
        for (int i = from; i < compact.length(); ) {
            char c = compact.charAt(i);
            if (c == '"') {
                i = endOfString(compact, i);
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if (isClosing(c) && --depth < 0) {
                return i;
            } else if (depth == 0 && (c == ',' || c == ':')) {
                return i;
            }
            i++;
        }
        return compact.length();
    }

    // The index behind the string's closing quote.
    private static int endOfString(String json, int from) {
        for (int i = from + 1; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i + 1;
            }
        }
        return json.length();
    }

    private static int copyString(String json, int from, StringBuilder out) {
        int end = endOfString(json, from);
        for (int i = from; i < end; i++) {
            char c = json.charAt(i);
            if (Printable.isSurrogatePairAt(json, i)) {
                out.append(c).append(json.charAt(++i));
            } else {
                appendSafely(out, c);
            }
        }
        return end;
    }

    private static void appendSafely(StringBuilder out, char c) {
        if (Printable.isUnsafe(c)) {
            Printable.Escape.append(out, c);
        } else {
            out.append(c);
        }
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').append(INDENT.repeat(Math.min(Math.max(depth, 0), INDENTED_DEPTH_MAX)));
    }

    private static char unescaped(char escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private static char unit(String json, int from) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            unit = unit * 16 + Math.max(Character.digit(json.charAt(i), 16), 0);
        }
        return (char) unit;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isClosing(char c) {
        return c == '}' || c == ']';
    }
}
