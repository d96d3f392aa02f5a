package io.statehouse.node.config;

import io.statehouse.raft.RestorePoint;
import java.nio.file.Path;

/** Work on a data directory that no node uses. */
public sealed interface OfflineWish {
    /** Makes an empty directory into one of a founding member that begins with a backup. */
    record Restore(Path backup, Path dataDirectory, String nodeId, RestorePoint point) implements OfflineWish {}

    /** Derives the state of a directory anew from its events, and compares. */
    record Rebuild(Path dataDirectory) implements OfflineWish {}
}
