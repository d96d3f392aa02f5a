package io.statehouse.statemachine;

import io.statehouse.statemachine.state.StateDigest;
import org.jspecify.annotations.Nullable;

/** This replica made other rows of the same log than the leader; the process must stop and the operator must look. */
public final class DivergedException extends RuntimeException {
    /** @param here null = this replica has not come to that commit although it has applied the same log */
    public DivergedException(CommitTs at, StateDigest leader, @Nullable StateDigest here) {
        super("this replica has diverged: as of commit " + at + " the leader's digest is " + leader + " and "
                + (here == null ? "here there is no such commit" : "here it is " + here)
                + "; verify both before either is trusted");
    }
}
