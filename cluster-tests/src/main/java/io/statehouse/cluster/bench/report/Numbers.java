package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Spread;
import java.util.Locale;

/** Numbers as people read them: never more digits than the spread leaves a meaning. */
final class Numbers {
    private static final double THREE_DIGITS = 100;
    private static final double TWO_DIGITS = 10;
    private static final String NONE = "–";

    private Numbers() {}

    static String of(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        String format = value >= THREE_DIGITS ? "%,.0f" : value >= TWO_DIGITS ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.0f %%", share * THREE_DIGITS) : NONE;
    }

    static String range(Spread spread) {
        return of(spread.min()) + "–" + of(spread.max());
    }

    static String callers(int callers) {
        return callers == 1 ? "1 caller" : callers + " callers";
    }

    static String ratio(Spread spread) {
        return of(spread.median()) + " (" + range(spread) + ")";
    }
}
