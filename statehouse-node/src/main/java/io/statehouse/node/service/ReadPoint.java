package io.statehouse.node.service;

import io.statehouse.statemachine.CommitTs;

/** Which state a read wants: how fresh the node must be, and which moment it looks at. */
public record ReadPoint(Freshness freshness, Moment moment) {
    /** The present, with every commit that was acknowledged before the call. */
    public static final ReadPoint NOW = new ReadPoint(new Freshness.Linearizable(), new Moment.Present());

    /** How much a node must have applied before it may answer. */
    public sealed interface Freshness {
        /** Every commit that was acknowledged anywhere before the call. */
        record Linearizable() implements Freshness {}

        /** At least this commit. */
        record AtLeast(CommitTs commitTs) implements Freshness {}

        /** Whatever is there. */
        record Local() implements Freshness {}
    }

    /** The moment a read looks at. */
    public sealed interface Moment {
        record Present() implements Moment {}

        record AtCommit(CommitTs commitTs) implements Moment {}

        /** Milliseconds since 1970. */
        record AtWall(long wallMillis) implements Moment {}
    }
}
