package io.statehouse.cluster.simulation;

import org.jspecify.annotations.Nullable;

/** What went wrong in a simulated run, and the seed that shows it again. */
public final class SimulationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulationFailure(long seed, int step, String what, @Nullable Throwable cause) {
        super("seed " + seed + " step " + step + ": " + what, cause);
    }
}
