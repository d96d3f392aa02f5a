package io.statehouse.node.service;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a request is called in the logs of every node it comes to: the trace of W3C's {@code traceparent} header.
 *
 * @param high the first half of the trace's id
 * @param low the second half
 * @param span who asked within the trace
 * @param isSampled whether the caller keeps the trace
 */
public record Trace(long high, long low, long span, boolean isSampled) {
    /** Of what was asked by nobody. */
    public static final Trace NONE = new Trace(0, 0, 0, false);

    private static final int LENGTH = 55;
    private static final int ID = 3;
    private static final int HALF = 16;
    private static final int SPAN = ID + 2 * HALF + 1;
    private static final int FLAGS = SPAN + HALF + 1;
    private static final HexFormat HEX = HexFormat.of();

    /** Reads the header; null when there is none, or none that can be understood. */
    public static @Nullable Trace parse(@Nullable String traceparent) {
        if (traceparent == null
                || traceparent.length() < LENGTH
                || traceparent.charAt(ID - 1) != '-'
                || traceparent.charAt(SPAN - 1) != '-'
                || traceparent.charAt(FLAGS - 1) != '-'
                || traceparent.startsWith("ff")) {
            return null;
        }
        try {
            var trace = new Trace(
                    HexFormat.fromHexDigitsToLong(traceparent, ID, ID + HALF),
                    HexFormat.fromHexDigitsToLong(traceparent, ID + HALF, ID + 2 * HALF),
                    HexFormat.fromHexDigitsToLong(traceparent, SPAN, SPAN + HALF),
                    (HexFormat.fromHexDigits(traceparent, FLAGS, FLAGS + 2) & 1) != 0);
            return (trace.high | trace.low) == 0 || trace.span == 0 ? null : trace;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The trace's id: 32 hexadecimal digits. */
    public String id() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    /** The span's id: 16 hexadecimal digits. */
    public String spanId() {
        return HEX.toHexDigits(span);
    }

    /** As a header of the calls that are made for this one. */
    public String traceparent() {
        return "00-" + id() + "-" + spanId() + (isSampled ? "-01" : "-00");
    }

    @Override
    public String toString() {
        return equals(NONE) ? "none" : id();
    }
}
