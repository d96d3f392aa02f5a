package io.statehouse.cluster;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The number that makes a random run repeatable: taken from {@code -Dstatehouse.seed}, else drawn; always printed. */
public final class Seed {
    private static final String PROPERTY = "statehouse.seed";

    private final long value;

    private Seed(long value) {
        this.value = value;
    }

    /** The seed of a case. */
    public static Seed of(String name) {
        var chosen = System.getProperty(PROPERTY, "");
        long value = chosen.isEmpty() ? RandomGenerator.getDefault().nextLong() : Long.parseLong(chosen);
        System.out.println(name + ": re-run with -D" + PROPERTY + "=" + value);
        return new Seed(value);
    }

    /** A seed that was chosen and printed elsewhere. */
    public static Seed exactly(long value) {
        return new Seed(value);
    }

    /** A generator of its own for each part of a run, so that the parts do not disturb each other. */
    public RandomGenerator random(int part) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(value + part * 0x9E3779B97F4A7C15L);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
