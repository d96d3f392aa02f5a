package io.statehouse.cluster.simulation;

/** Lets a process die at its next write or flush: just before it takes effect, or just after. */
final class Fuse {
    private boolean isLit;
    private boolean isAfterwards;

    void light(boolean afterwards) {
        isLit = true;
        isAfterwards = afterwards;
    }

    void putOut() {
        isLit = false;
    }

    /** Runs an act of the disk, or dies beside it. */
    void pass(Runnable act) {
        if (isLit && !isAfterwards) {
            throw die();
        }
        act.run();
        if (isLit) {
            throw die();
        }
    }

    private SimulatedCrash die() {
        isLit = false;
        return new SimulatedCrash();
    }
}
