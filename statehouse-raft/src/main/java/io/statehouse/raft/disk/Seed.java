package io.statehouse.raft.disk;

import io.statehouse.statemachine.LogPosition;

/**
 * The backup that a new cluster begins with. All founding members must begin with the same.
 *
 * @param backup what the backup's list of checksums has itself as SHA-256, in hex
 * @param position where the old cluster's log was; the new log goes on behind it
 */
record Seed(String backup, LogPosition position) {}
