package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.scenario.ChaosCase;
import java.util.List;

/** Which cases are run when. */
public final class Suites {
    /** The suite that runs the same case with seed after seed until its time is over. */
    public static final String SOAK = "soak";

    /** What a change must survive: each kind of fault once, in about half an hour on two cores. */
    private static final List<String> PR = List.of(
            "F01", "F03", "F05", "F07", "F08", "F10", "F16", "F22", "F25", "F26", "F33", "F35", "F36", "F39", "F40",
            "F43", "F44", "F47", "F52", "F53", "F58");

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
            case "pr" -> PR.stream().map(Registry::of).toList();
            case "nightly" -> all;
            case SOAK ->
                all.stream().filter(known -> SOAKED.contains(known.id())).toList();
            default -> throw new IllegalArgumentException("no suite " + name + "; there are pr, nightly and soak");
        };
    }
}
