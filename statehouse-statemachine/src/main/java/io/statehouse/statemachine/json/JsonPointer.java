package io.statehouse.statemachine.json;

import java.util.ArrayList;
import java.util.List;

/** A place in a JSON value, as in RFC 6901: the names and positions on the way to it, none for the whole value. */
public record JsonPointer(List<String> tokens) {
    public static final JsonPointer ROOT = new JsonPointer(List.of());

    public JsonPointer {
        tokens = List.copyOf(tokens);
    }

    public static JsonPointer parse(String text) throws JsonPatchException {
        if (text.isEmpty()) {
            return ROOT;
        }
        if (text.charAt(0) != '/') {
            throw new JsonPatchException("a pointer begins with '/': " + text);
        }
        var tokens = new ArrayList<String>();
        for (String token : text.substring(1).split("/", -1)) {
            tokens.add(unescape(token));
        }
        return new JsonPointer(tokens);
    }

    public boolean isRoot() {
        return tokens.isEmpty();
    }

    public JsonPointer child(String token) {
        var longer = new ArrayList<>(tokens);
        longer.add(token);
        return new JsonPointer(longer);
    }

    String first() {
        return tokens.get(0);
    }

    JsonPointer rest() {
        return new JsonPointer(tokens.subList(1, tokens.size()));
    }

    boolean isProperPrefixOf(JsonPointer other) {
        return tokens.size() < other.tokens.size()
                && other.tokens.subList(0, tokens.size()).equals(tokens);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (String token : tokens) {
            text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
        }
        return text.toString();
    }

    private static String unescape(String token) throws JsonPatchException {
        for (int tilde = token.indexOf('~'); tilde >= 0; tilde = token.indexOf('~', tilde + 1)) {
            if (tilde + 1 == token.length() || (token.charAt(tilde + 1) != '0' && token.charAt(tilde + 1) != '1')) {
                throw new JsonPatchException("'~' must be followed by 0 or 1 in a pointer: " + token);
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }
}
