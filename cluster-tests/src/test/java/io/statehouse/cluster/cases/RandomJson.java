package io.statehouse.cluster.cases;

import java.util.List;
import java.util.random.RandomGenerator;

/** Writes JSON texts that are legal and as awkward as can be. */
final class RandomJson {
    private static final int DEPTH_MAX = 5;
    private static final int DEEP = 150;
    private static final int MEMBERS_MAX = 5;
    private static final int LETTERS_MAX = 12;
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "1",
            "9007199254740993",
            "-9223372036854775808",
            "9223372036854775807",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.1",
            "1.0",
            "1.50",
            "1e2",
            "1E+2",
            "-1.5e-300",
            "1e400");
    private static final List<String> LETTERS = List.of(
            "a",
            "Z",
            " ",
            "/",
            "\\/",
            "\\\"",
            "\\\\",
            "\\n",
            "\\u0000",
            "\\u00e9",
            "é",
            "ß",
            "ı",
            "\u2028",
            "漢",
            "\\ud83d\\ude00",
            "😀",
            "\u007f",
            ":",
            "#",
            "{",
            "}");
    private static final List<String> BLANKS = List.of("", "", "", " ", "\n", "\t", "\r\n  ");

    private final RandomGenerator random;

    RandomJson(RandomGenerator random) {
        this.random = random;
    }

    /** An object, as the published contract has it. */
    String object() {
        return object(0);
    }

    /** Any value. */
    String any() {
        return random.nextInt(20) == 0 ? "[".repeat(DEEP) + "]".repeat(DEEP) : value(0);
    }

    private String value(int depth) {
        return switch (random.nextInt(depth < DEPTH_MAX ? 8 : 6)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2, 3 -> pick(NUMBERS);
            case 4, 5 -> string();
            case 6 -> array(depth);
            default -> object(depth);
        };
    }

    private String array(int depth) {
        var text = new StringBuilder("[").append(blank());
        int elements = random.nextInt(MEMBERS_MAX);
        for (int i = 0; i < elements; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(blank())
                    .append(value(depth + 1))
                    .append(blank());
        }
        return text.append("]").toString();
    }

    private String object(int depth) {
        var text = new StringBuilder("{").append(blank());
        int members = random.nextInt(MEMBERS_MAX);
        for (int i = 0; i < members; i++) {
            // The number keeps names apart that would only differ in how they are escaped.
            var name = "\"" + i + string().substring(1);
            text.append(i == 0 ? "" : ",")
                    .append(blank())
                    .append(name)
                    .append(blank())
                    .append(":")
                    .append(blank());
            text.append(value(depth + 1)).append(blank());
        }
        return text.append("}").toString();
    }

    private String string() {
        var text = new StringBuilder("\"");
        int letters = random.nextInt(LETTERS_MAX);
        for (int i = 0; i < letters; i++) {
            text.append(pick(LETTERS));
        }
        return text.append("\"").toString();
    }

    private String blank() {
        return pick(BLANKS);
    }

    private String pick(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }
}
