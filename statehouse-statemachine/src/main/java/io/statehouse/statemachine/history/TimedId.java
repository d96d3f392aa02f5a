package io.statehouse.statemachine.history;

import io.statehouse.statemachine.TxnId;

/** Reads when an id was made, if it begins with a UUID of version 7; what follows it does not matter. */
final class TimedId {
    static final long UNKNOWN = Long.MIN_VALUE;

    /** Every x is a hexadecimal digit, v one of 8, 9, a and b. */
    private static final String SHAPE = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx";

    private static final int HIGH_DIGITS = 8;
    private static final int LOW_DIGITS_END = 13;
    private static final int HEX = 16;

    private TimedId() {}

    static long madeAtMillis(TxnId id) {
        String text = id.value();
        if (text.length() < SHAPE.length()) {
            return UNKNOWN;
        }
        for (int index = 0; index < SHAPE.length(); index++) {
            if (!fits(SHAPE.charAt(index), text.charAt(index))) {
                return UNKNOWN;
            }
        }
        return Long.parseLong(text.substring(0, HIGH_DIGITS) + text.substring(HIGH_DIGITS + 1, LOW_DIGITS_END), HEX);
    }

    private static boolean fits(char shape, char actual) {
        return switch (shape) {
            case 'x' -> isHex(actual);
            case 'v' -> "89abAB".indexOf(actual) >= 0;
            default -> shape == actual;
        };
    }

    private static boolean isHex(char digit) {
        return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
    }
}
