package io.statehouse.client;

/**
 * What a snapshot that was asked for has brought.
 *
 * @param nodeId the node that made it
 * @param commitTs up to here a crash of the node needs no Raft log
 * @param logEntriesPurged log entries that are gone since
 * @param logEntriesKept log entries that are left, for members that were away
 */
public record SnapshotResult(String nodeId, long commitTs, long logEntriesPurged, long logEntriesKept) {}
