package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.scenario.ChaosCase;
import java.util.List;

/** Which cases are run when. */
public final class Suites {
    private Suites() {}

    /**
     * The cases of a suite, in the order they are run.
     *
     * @throws IllegalArgumentException if there is no suite of that name
     */
    public static List<ChaosCase> of(String name, List<ChaosCase> all) {
        return switch (name) {
            case "pr", "nightly", "soak" -> all;
            default -> throw new IllegalArgumentException("no suite " + name + "; there are pr, nightly and soak");
        };
    }
}
