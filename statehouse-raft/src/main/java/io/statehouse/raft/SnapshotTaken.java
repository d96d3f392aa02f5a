package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;

/**
 * What a snapshot that was asked for has brought.
 *
 * @param commitTs the commit up to which a crash needs no Raft log
 * @param entriesPurged log entries that are gone since it was asked for
 * @param entriesKept log entries that are left, for followers that were away
 */
public record SnapshotTaken(CommitTs commitTs, long entriesPurged, long entriesKept) {}
