package io.statehouse.statemachine.json;

import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * Reads UTF-8 text as one JSON value, strictly by RFC 8259, and refuses what would not survive elsewhere: a name twice in
 * one object, broken UTF-8, a lone surrogate, a number of more than {@value #NUMBER_CHARS_MAX} characters, nesting beyond a
 * limit.
 */
public final class JsonParser {
    /** Longer numbers are refused: comparing them would cost more than they can mean. */
    public static final int NUMBER_CHARS_MAX = 1_000;

    private static final int HEX_DIGITS = 4;
    private static final int HEX_RADIX = 16;

    private final byte[] text;
    private final int depthMax;
    private int at;

    private JsonParser(byte[] text, int depthMax) {
        this.text = text;
        this.depthMax = depthMax;
    }

    /**
     * Reads a whole text.
     *
     * @param depthMax how deeply arrays and objects may nest; a scalar has depth 0
     */
    public static JsonNode parse(byte[] utf8, int depthMax) throws JsonSyntaxException {
        var parser = new JsonParser(utf8, depthMax);
        parser.skipSpace();
        JsonNode value = parser.value(0);
        parser.skipSpace();
        if (parser.at < utf8.length) {
            throw parser.error("more text after the value");
        }
        return value;
    }

    private JsonNode value(int depth) throws JsonSyntaxException {
        return switch (peek()) {
            case '{' -> object(nested(depth));
            case '[' -> array(nested(depth));
            case '"' -> new JsonString(string());
            case 't' -> literal("true", new JsonBoolean(true));
            case 'f' -> literal("false", new JsonBoolean(false));
            case 'n' -> literal("null", new JsonNull());
            default -> number();
        };
    }

    private int nested(int depth) throws JsonSyntaxException {
        if (depth >= depthMax) {
            throw error("nested deeper than " + depthMax);
        }
        return depth + 1;
    }

    private JsonObject object(int depth) throws JsonSyntaxException {
        expect('{');
        var members = new LinkedHashMap<String, JsonNode>();
        skipSpace();
        if (peek() == '}') {
            at++;
            return new JsonObject(members);
        }
        while (true) {
            skipSpace();
            int nameAt = at;
            String name = string();
            skipSpace();
            expect(':');
            skipSpace();
            if (members.put(name, value(depth)) != null) {
                throw new JsonSyntaxException("a name twice in one object", nameAt);
            }
            skipSpace();
            if (peek() == '}') {
                at++;
                return new JsonObject(members);
            }
            expect(',');
        }
    }

    private JsonArray array(int depth) throws JsonSyntaxException {
        expect('[');
        var items = new ArrayList<JsonNode>();
        skipSpace();
        if (peek() == ']') {
            at++;
            return new JsonArray(items);
        }
        while (true) {
            skipSpace();
            items.add(value(depth));
            skipSpace();
            if (peek() == ']') {
                at++;
                return new JsonArray(items);
            }
            expect(',');
        }
    }

    private JsonNode literal(String word, JsonNode meaning) throws JsonSyntaxException {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= text.length || text[at + i] != word.charAt(i)) {
                throw error("not a JSON value");
            }
        }
        at += word.length();
        return meaning;
    }

    private JsonNumber number() throws JsonSyntaxException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length && text[at] == '.') {
            at++;
            digits();
        }
        if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            if (at < text.length && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            digits();
        }
        if (at - start > NUMBER_CHARS_MAX) {
            throw new JsonSyntaxException("a number of more than " + NUMBER_CHARS_MAX + " characters", start);
        }
        return new JsonNumber(new String(text, start, at - start, StandardCharsets.US_ASCII));
    }

    private void digits() throws JsonSyntaxException {
        int start = at;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw error(start < text.length ? "not a JSON value" : "the text ends early");
        }
    }

    private String string() throws JsonSyntaxException {
        expect('"');
        int start = at;
        while (at < text.length && text[at] != '"' && text[at] != '\\') {
            refuseControl();
            at++;
        }
        var chars = new StringBuilder(Utf8.decode(text, start, at));
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                chars.append(escaped());
                continue;
            }
            int plain = at;
            while (at < text.length && text[at] != '"' && text[at] != '\\') {
                refuseControl();
                at++;
            }
            chars.append(Utf8.decode(text, plain, at));
        }
        at++;
        refuseLoneSurrogates(chars, start);
        return chars.toString();
    }

    private void refuseControl() throws JsonSyntaxException {
        if (text[at] >= 0 && text[at] < ' ') {
            throw error("a control character in a string");
        }
    }

    private char escaped() throws JsonSyntaxException {
        int escape = peek();
        at++;
        return switch (escape) {
            case '"', '\\', '/' -> (char) escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexEscaped();
            default -> throw error("an unknown escape");
        };
    }

    private char hexEscaped() throws JsonSyntaxException {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(peek(), HEX_RADIX);
            if (digit < 0) {
                throw error("an unknown escape");
            }
            code = code * HEX_RADIX + digit;
            at++;
        }
        return (char) code;
    }

    private static void refuseLoneSurrogates(CharSequence chars, int start) throws JsonSyntaxException {
        int i = 0;
        while (i < chars.length()) {
            char c = chars.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < chars.length()
                    && Character.isLowSurrogate(chars.charAt(i + 1));
            if (Character.isSurrogate(c) && !isPair) {
                throw new JsonSyntaxException("a lone surrogate in a string", start);
            }
            i += isPair ? 2 : 1;
        }
    }

    private void skipSpace() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
            at++;
        }
    }

    private void expect(char wanted) throws JsonSyntaxException {
        if (peek() != wanted) {
            throw error("'" + wanted + "' expected");
        }
        at++;
    }

    private int peek() throws JsonSyntaxException {
        if (at >= text.length) {
            throw error("the text ends early");
        }
        return text[at];
    }

    private JsonSyntaxException error(String reason) {
        return new JsonSyntaxException(reason, at);
    }
}
