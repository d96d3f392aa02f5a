package io.statehouse.raft;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;

/** Refuses to start on a setting of Ratis under which an acknowledged commit could be lost or a read be stale. */
final class SettingsCheck {
    /** What Ratis adds to an entry when it writes it. */
    private static final int WRITE_BUFFER_SLACK = 8;

    private SettingsCheck() {}

    /** @throws StartRefusedException naming the setting and what it would do */
    static void check(RaftProperties properties, Path raftDirectory) {
        checkStorage(properties, raftDirectory);
        checkDurability(properties);
        checkReads(properties);
        checkElections(properties);
        checkSizes(properties);
        checkSnapshots(properties);
    }

    private static void checkStorage(RaftProperties properties, Path raftDirectory) {
        var directories = RaftServerConfigKeys.storageDir(properties);
        require(
                directories.equals(List.of(raftDirectory.toFile())),
                RaftServerConfigKeys.STORAGE_DIR_KEY,
                "is " + directories + " and not " + raftDirectory + ": the default is a temporary directory");
        require(
                RaftServerConfigKeys.storageFreeSpaceMin(properties).getSize() >= RaftSettings.FREE_SPACE_MIN.getSize(),
                RaftServerConfigKeys.STORAGE_FREE_SPACE_MIN_KEY,
                "is below " + RaftSettings.FREE_SPACE_MIN + ": the log would fill the disk");
    }

    private static void checkDurability(RaftProperties properties) {
        require(!Log.useMemory(properties), Log.USE_MEMORY_KEY, "keeps the log in memory only");
        require(
                !Log.unsafeFlushEnabled(properties),
                Log.UNSAFE_FLUSH_ENABLED_KEY,
                "acknowledges before the log is on the disk");
        require(
                !Log.asyncFlushEnabled(properties),
                Log.ASYNC_FLUSH_ENABLED_KEY,
                "acknowledges entries whose fsync failed");
        require(
                Log.corruptionPolicy(properties) == Log.CorruptionPolicy.EXCEPTION,
                Log.CORRUPTION_POLICY_KEY,
                "drops acknowledged entries behind a damaged one");
    }

    private static void checkReads(RaftProperties properties) {
        require(
                !Read.leaderLeaseEnabled(properties),
                Read.LEADER_LEASE_ENABLED_KEY,
                "serves stale reads when a clock stands still");
        require(
                Read.leaderHeartbeatCheckEnabled(properties),
                Read.LEADER_HEARTBEAT_CHECK_ENABLED_KEY,
                "would let a deposed leader answer");
        require(
                Read.ReadIndex.type(properties) == Read.ReadIndex.Type.COMMIT_INDEX,
                Read.ReadIndex.TYPE_KEY,
                "delays replies and the commit index that followers see");
    }

    private static void checkElections(RaftProperties properties) {
        require(
                RaftServerConfigKeys.LeaderElection.preVote(properties),
                RaftServerConfigKeys.LeaderElection.PRE_VOTE_KEY,
                "lets a member that was away depose a healthy leader");
        require(
                !RaftServerConfigKeys.LeaderElection.memberMajorityAdd(properties),
                RaftServerConfigKeys.LeaderElection.MEMBER_MAJORITY_ADD_KEY,
                "lets one change replace a majority");
        require(
                Rpc.timeoutMin(properties).isPositive()
                        && Rpc.timeoutMin(properties).compareTo(Rpc.timeoutMax(properties)) < 0,
                Rpc.TIMEOUT_MAX_KEY,
                "is not above " + Rpc.TIMEOUT_MIN_KEY + ": members would stand for election together for ever");
    }

    private static void checkSizes(RaftProperties properties) {
        long entry = Log.Appender.bufferByteLimit(properties).getSize();
        require(
                entry >= RaftSettings.ENTRY_BYTES_MAX,
                Log.Appender.BUFFER_BYTE_LIMIT_KEY,
                "is below " + RaftSettings.ENTRY_BYTES_MAX + ": entries already in a log could not be read back");
        require(
                Log.writeBufferSize(properties).getSize() >= entry + WRITE_BUFFER_SLACK,
                Log.WRITE_BUFFER_SIZE_KEY,
                "cannot hold the largest entry");
        require(
                GrpcConfigKeys.messageSizeMax(properties, SettingsCheck::sayNothing)
                                .getSize()
                        >= 2 * entry,
                GrpcConfigKeys.MESSAGE_SIZE_MAX_KEY,
                "cannot carry the largest append");
        require(
                Log.preallocatedSize(properties).getSize()
                        <= Log.segmentSizeMax(properties).getSize(),
                Log.PREALLOCATED_SIZE_KEY,
                "is above " + Log.SEGMENT_SIZE_MAX_KEY);
    }

    private static void checkSnapshots(RaftProperties properties) {
        require(
                !Log.Appender.installSnapshotEnabled(properties),
                Log.Appender.INSTALL_SNAPSHOT_ENABLED_KEY,
                "replaces the state by files that were never forced to the disk");
        require(
                Log.purgeUptoSnapshotIndex(properties),
                Log.PURGE_UPTO_SNAPSHOT_INDEX_KEY,
                "lets one dead member keep the log for ever");
        require(
                Log.purgePreservationLogNum(properties) > 0,
                Log.PURGE_PRESERVATION_LOG_NUM_KEY,
                "sends a snapshot to every follower that is one entry late");
        require(
                !Snapshot.autoTriggerEnabled(properties) && !Snapshot.triggerWhenStopEnabled(properties),
                Snapshot.AUTO_TRIGGER_ENABLED_KEY,
                "purges by counting entries, which here are batches of any size");
        require(
                RaftServerConfigKeys.RetryCache.expiryTime(properties).toLong(TimeUnit.MILLISECONDS) > 0,
                RaftServerConfigKeys.RetryCache.EXPIRY_TIME_KEY,
                "must be positive");
    }

    private static void sayNothing(String line) {
        // Ratis would log each setting it reads, a second time.
    }

    private static void require(boolean isSafe, String setting, String consequence) {
        if (!isSafe) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION, "refusing to start: " + setting + " " + consequence);
        }
    }
}
