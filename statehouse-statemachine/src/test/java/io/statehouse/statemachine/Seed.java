package io.statehouse.statemachine;

import java.util.Random;

/** Where the chance of a random test comes from: printed, and taken again with {@code -Dstatehouse.seed=}. */
public final class Seed {
    private Seed() {}

    /** A new random source for a test; its seed is on standard output. */
    public static Random random(Class<?> test) {
        String given = System.getProperty("statehouse.seed");
        long seed = given == null || given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println(test.getSimpleName() + " -Dstatehouse.seed=" + seed);
        return new Random(seed);
    }
}
