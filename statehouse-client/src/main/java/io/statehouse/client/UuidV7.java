package io.statehouse.client;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids of RFC 9562 version 7 that never go back: the time to the millisecond, a counter, and chance. */
final class UuidV7 {
    private static final int COUNTER_BITS = 12;
    private static final long VERSION = 7L << COUNTER_BITS;
    private static final long VARIANT = 1L << 63;
    private static final long CHANCE = (1L << 62) - 1;
    private static final long MILLIS_BITS = (1L << 48) - 1;

    private final InstantSource clock;
    private final RandomGenerator chance;

    // Guarded by this: the time and counter of the last id in one number, so "later" is "larger".
    private long last;

    UuidV7(InstantSource clock, RandomGenerator chance) {
        this.clock = clock;
        this.chance = chance;
    }

    String next() {
        long tick = nextTick();
        long high = ((tick >>> COUNTER_BITS & MILLIS_BITS) << 16) | VERSION | (tick & ((1 << COUNTER_BITS) - 1));
        long low = VARIANT | (chance.nextLong() & CHANCE);
        return new UUID(high, low).toString();
    }

    // A full counter borrows from the next millisecond; a clock that went back is ignored until it has caught up.
    private synchronized long nextTick() {
        last = Math.max(last + 1, clock.millis() << COUNTER_BITS);
        return last;
    }
}
