package io.statehouse.raft;

import io.statehouse.statemachine.command.Stamp;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The one place where the clock is read and the dice are thrown: what it says becomes data in the log. */
final class LeaderStamp {
    private static final int SALT_BYTES = 16;

    private final InstantSource clock;
    private final RandomGenerator random;

    LeaderStamp(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    Stamp next() {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Stamp(clock.millis(), salt);
    }
}
