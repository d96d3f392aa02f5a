package io.statehouse.cli;

/** Decides which characters a terminal may be sent; the others are shown as the escapes JSON has for them. */
final class Printable {
    private Printable() {}

    /**
     * The same text with every character that could steer a terminal, break a line or reorder what is read written as
     * an escape: ESC becomes the six characters backslash, u, 0, 0, 1, b.
     */
    static String of(String text) {
        int first = firstUnsafe(text);
        if (first == text.length()) {
            return text;
        }
        var safe = new StringBuilder(text.length() + Escape.LENGTH).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSurrogatePairAt(text, i)) {
                safe.append(c).append(text.charAt(++i));
            } else if (isUnsafe(c)) {
                Escape.append(safe, c);
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    private static int firstUnsafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isSurrogatePairAt(text, i)) {
                i++;
            } else if (isUnsafe(text.charAt(i))) {
                return i;
            }
        }
        return text.length();
    }

    static boolean isSurrogatePairAt(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }

    /** Whether this UTF-16 unit, not part of a surrogate pair, may not reach a terminal. */
    static boolean isUnsafe(char c) {
        return switch (Character.getType(c)) {
            // Control characters (C0, DEL, C1), line and paragraph separators, halves of surrogate pairs.
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> isReordering(c);
            default -> false;
        };
    }

    // The marks, embeddings, overrides and isolates with which text is made to read as something else. Joiners are
    // format characters too, and emoji and several scripts need them.
    private static boolean isReordering(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    /** The escape that JSON knows for any UTF-16 unit. */
    static final class Escape {
        static final int LENGTH = 6;
        private static final String DIGITS = "0123456789abcdef";

        private Escape() {}

        static void append(StringBuilder to, char c) {
            to.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                to.append(DIGITS.charAt((c >> shift) & 0xf));
            }
        }
    }
}
