package io.statehouse.node.audit;

import io.statehouse.statemachine.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How lines of the audit are bound to those before them: each ends with the SHA-256 of the chain that the line before ends with
 * and of what stands in it before its own.
 *
 * <p>A file begins with a head, a line like the others, which says what number and what chain came before. So a file can be proved
 * alone, and several one after the other.
 */
final class AuditChain {
    /** Before the first line of all. */
    static final String START = "0".repeat(2 * Sha256.BYTES);

    private static final String MARK = " chain=";
    private static final String HEX = "[0-9a-f]{" + 2 * Sha256.BYTES + "}";
    private static final Pattern LINE =
            Pattern.compile("(?<text>(?<number>[1-9][0-9]{0,17}) .*)" + MARK + "(?<chain>" + HEX + ")");
    private static final Pattern HEAD =
            Pattern.compile("(?<text>statehouse-audit 1 node=\\S+ stream=[a-z]+ after=(?<number>0|[1-9][0-9]{0,17})"
                    + " before=(?<before>" + HEX + "))" + MARK + "(?<chain>" + HEX + ")");

    private AuditChain() {}

    /**
     * A line as it was read.
     *
     * @param number of the line; of a head, of the line before it
     * @param before the chain that a head says came before; null = this is no head
     * @param chain that it ends with
     */
    record Line(String text, long number, @Nullable String before, String chain) {
        /** Whether it ends as it must behind a line that ends with this chain. */
        boolean isBoundTo(String chainBefore) {
            return chain.equals(link(chainBefore, text));
        }
    }

    static String head(String node, AuditStream stream, long after, String before) {
        return bound(
                before,
                "statehouse-audit 1 node=" + node + " stream=" + stream.diskName() + " after=" + after + " before="
                        + before);
    }

    /** A text with the chain that it must end with. */
    static String bound(String chainBefore, String text) {
        return text + MARK + link(chainBefore, text);
    }

    /** Reads a line; null when it is none of the audit's. */
    static @Nullable Line parse(String line) {
        Matcher head = HEAD.matcher(line);
        if (head.matches()) {
            return new Line(
                    head.group("text"),
                    Long.parseLong(head.group("number")),
                    head.group("before"),
                    head.group("chain"));
        }
        Matcher other = LINE.matcher(line);
        return other.matches()
                ? new Line(other.group("text"), Long.parseLong(other.group("number")), null, other.group("chain"))
                : null;
    }

    private static String link(String chainBefore, String text) {
        return HexFormat.of()
                .formatHex(Sha256.of(
                        chainBefore.getBytes(StandardCharsets.ISO_8859_1), text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
