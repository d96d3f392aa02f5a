package io.statehouse.raft;

import io.statehouse.statemachine.LogPosition;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * What Ratis is told a snapshot is: the position a crash cannot take back. It has no files, since followers fetch a
 * checkpoint over the peer link instead.
 */
record DurableSnapshot(LogPosition position) implements SnapshotInfo {
    /** Null for a state that holds nothing: Ratis then replays its log from the beginning. */
    static @Nullable DurableSnapshot of(LogPosition position) {
        return position.index() < 0 ? null : new DurableSnapshot(position);
    }

    @Override
    public TermIndex getTermIndex() {
        return TermIndex.valueOf(position.term(), position.index());
    }

    @Override
    public List<FileInfo> getFiles() {
        return List.of();
    }
}
