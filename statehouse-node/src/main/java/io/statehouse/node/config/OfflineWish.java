package io.statehouse.node.config;

import io.statehouse.raft.RestorePoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Work on a data directory that no node uses. */
public sealed interface OfflineWish {
    /** Makes an empty directory into one of a founding member that begins with a backup. */
    record Restore(Path backup, Path dataDirectory, String nodeId, RestorePoint point) implements OfflineWish {}

    /** Derives the state of a directory anew from its events, and compares. */
    record Rebuild(Path dataDirectory) implements OfflineWish {}

    /** Makes a backup of what a survivor holds, its log included. */
    record Salvage(Path backup, Path dataDirectory) implements OfflineWish {}

    /** Takes a torn record off the end of a log. */
    record RepairLog(Path dataDirectory) implements OfflineWish {}

    /**
     * Proves the lines of an audit.
     *
     * @param chain that must be among them; null = any will do
     */
    record VerifyAudit(Path audit, @Nullable String chain) implements OfflineWish {}
}
