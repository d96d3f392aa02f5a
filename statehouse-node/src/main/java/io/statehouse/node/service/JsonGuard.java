package io.statehouse.node.service;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;

/**
 * Lets through exactly one JSON value that is well formed by the core's own rules. What passes is kept byte for byte.
 *
 * <p>The rules are those of {@link JsonParser}, so the edge never accepts what the core would stumble over.
 */
public final class JsonGuard {
    private final int depthMax;

    public JsonGuard(int depthMax) {
        this.depthMax = depthMax;
    }

    /** Takes text from outside; a {@link ServiceException} names what is wrong with it. */
    public Json check(String field, byte[] utf8) {
        parse(field, utf8);
        return Json.ofTrusted(utf8);
    }

    /** The same, taken apart. */
    public JsonNode parse(String field, byte[] utf8) {
        requireDepth(utf8);
        try {
            return JsonParser.parse(utf8, depthMax);
        } catch (JsonSyntaxException e) {
            throw Refusals.invalid(field, "not JSON: " + e.getMessage());
        }
    }

    /** Counts before it is parsed, so that the limit is named. */
    private void requireDepth(byte[] utf8) {
        int depth = 0;
        boolean isInString = false;
        for (int i = 0; i < utf8.length; i++) {
            switch (utf8[i]) {
                case '"' -> isInString = !isInString;
                case '\\' -> i += isInString ? 1 : 0;
                case '{', '[' -> depth += isInString ? 0 : 1;
                case '}', ']' -> depth -= isInString ? 0 : 1;
                default -> {}
            }
            if (depth > depthMax) {
                throw Refusals.limitExceeded("jsonDepthMax", depthMax, depth);
            }
        }
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            // A pair is one code point beyond the surrogates.
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return true;
            }
        }
        return false;
    }
}
