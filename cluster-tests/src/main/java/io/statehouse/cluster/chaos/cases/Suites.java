package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.scenario.ChaosCase;
import java.util.List;

/** Which cases are run when. */
public final class Suites {
    /** The suite that runs the same case with seed after seed until its time is over. */
    public static final String SOAK = "soak";

    /** What the nightly suite has beyond that of a change: much time for what another case shows in part. */
    private static final List<String> ONLY_NIGHTLY = List.of("F02", "F06", "F09", "F12", "F46", "F56");

    private static final List<String> SOAKED = List.of("F56");

    private Suites() {}

    /**
     * The cases of a suite, in the order they are run.
     *
     * @throws IllegalArgumentException if there is no suite of that name
     */
    public static List<ChaosCase> of(String name) {
        List<ChaosCase> all = Registry.all();
        return switch (name) {
            case "pr" ->
                all.stream().filter(known -> !ONLY_NIGHTLY.contains(known.id())).toList();
            case "nightly" -> all;
            case SOAK ->
                all.stream().filter(known -> SOAKED.contains(known.id())).toList();
            default -> throw new IllegalArgumentException("no suite " + name + "; there are pr, nightly and soak");
        };
    }
}
