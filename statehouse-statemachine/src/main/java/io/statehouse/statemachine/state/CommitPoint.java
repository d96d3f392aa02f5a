package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;

/** The numbers a transaction gets if it commits: its place in the one order and its wall time, in milliseconds since 1970. */
public record CommitPoint(CommitTs commitTs, long wallMillis) {}
