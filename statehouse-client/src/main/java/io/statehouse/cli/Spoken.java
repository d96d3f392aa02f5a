package io.statehouse.cli;

import io.statehouse.client.Read;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what is typed after an option into the value it stands for, or says what would have been one. */
final class Spoken {
    private static final int NANOS_DIGITS = 9;
    private static final int MILLIS_DIGITS = 3;
    private static final BigDecimal MINUTE_SECONDS = BigDecimal.valueOf(60);
    private static final Duration DURATION_MAX = Duration.ofDays(7);

    private Spoken() {}

    /** Reads {@code 10}, {@code 2.5} (seconds), {@code 10s}, {@code 500ms}, {@code 2m}. */
    static Duration duration(String text, String option) {
        try {
            BigDecimal seconds = seconds(text);
            var duration = Duration.ofNanos(seconds.movePointRight(NANOS_DIGITS).longValueExact());
            if (duration.isNegative() || duration.isZero() || duration.compareTo(DURATION_MAX) > 0) {
                throw new Complaint(option + " is '" + text + "'; it must be more than 0 and at most 7 days");
            }
            return duration;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Complaint(option + " is '" + text + "'; write seconds (10, 2.5), 500ms, 10s or 2m", e);
        }
    }

    /** Whether a duration was typed that lasts no time, such as {@code 0} or {@code 0s}. */
    static boolean isZero(String text) {
        return text.matches("0(ms|s|m)?");
    }

    private static BigDecimal seconds(String text) {
        if (text.endsWith("ms")) {
            return new BigDecimal(text.substring(0, text.length() - 2)).movePointLeft(MILLIS_DIGITS);
        }
        if (text.endsWith("m")) {
            return new BigDecimal(text.substring(0, text.length() - 1)).multiply(MINUTE_SECONDS);
        }
        return new BigDecimal(text.endsWith("s") ? text.substring(0, text.length() - 1) : text);
    }

    /** Reads {@code 90s}, {@code 15m}, {@code 12h}, {@code 30d}. */
    static Duration age(String text, String option) {
        if (!text.matches("[1-9][0-9]{0,8}[smhd]")) {
            throw new Complaint(option + " is '" + text + "'; write a time such as 90s, 15m, 12h or 30d");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'd' -> Duration.ofDays(number);
            case 'h' -> Duration.ofHours(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Says an age as it may be typed, in the largest unit that fits. */
    static String age(Duration age) {
        if (age.toMillisPart() > 0) {
            return age.toMillis() + "ms";
        }
        if (age.toSecondsPart() > 0) {
            return age.toSeconds() + "s";
        }
        if (age.toMinutesPart() > 0) {
            return age.toMinutes() + "m";
        }
        return age.toHoursPart() > 0 ? age.toHours() + "h" : age.toDays() + "d";
    }

    /** Reads {@code linearizable}, {@code local}, {@code at-least:1041}. */
    static Read read(String text) {
        if (text.equals("linearizable")) {
            return Read.linearizable();
        }
        if (text.equals("local")) {
            return Read.local();
        }
        String prefix = "at-least:";
        if (text.startsWith(prefix)) {
            try {
                return Read.atLeast(Long.parseUnsignedLong(text.substring(prefix.length())));
            } catch (NumberFormatException e) {
                throw new Complaint("--read is '" + text + "'; at-least takes a commit_ts, as in at-least:1041", e);
            }
        }
        throw new Complaint("--read is '" + text + "'; write linearizable, local or at-least:COMMIT_TS");
    }

    /** Reads {@code name=value}, each name once. */
    static Map<String, String> labels(List<String> texts) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new Complaint("--label is '" + text + "'; write NAME=VALUE");
            }
            String name = text.substring(0, equals);
            if (labels.put(name, text.substring(equals + 1)) != null) {
                throw new Complaint("--label names '" + name + "' twice");
            }
        }
        return labels;
    }
}
