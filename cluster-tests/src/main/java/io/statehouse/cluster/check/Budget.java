package io.statehouse.cluster.check;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much a search may cost before it says that it does not know.
 *
 * @param statesMax states remembered per key
 * @param time for the whole check
 * @param nanos the clock that measures it
 */
public record Budget(long statesMax, Duration time, LongSupplier nanos) {
    private static final long STATES = 1_000_000;
    private static final Duration TIME = Duration.ofMinutes(5);

    public static Budget standard() {
        return new Budget(STATES, TIME, System::nanoTime);
    }
}
