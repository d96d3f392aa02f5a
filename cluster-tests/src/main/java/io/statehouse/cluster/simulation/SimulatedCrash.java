package io.statehouse.cluster.simulation;

/** The process dies here, in the middle of what it was doing. */
final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulatedCrash() {
        super("the simulated process died");
    }
}
