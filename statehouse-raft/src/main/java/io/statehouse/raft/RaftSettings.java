package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Every setting of Ratis that Statehouse does not leave to its default. {@link SettingsCheck} refuses the unsafe ones.
 *
 * <p>Each line that differs from Ratis has its reason in docs/decisions/0015.
 */
final class RaftSettings {
    /** The largest entry; also the largest one that can be read back, so it may never become smaller. */
    static final int ENTRY_BYTES_MAX = 16 << 20;

    /** Below it Ratis does not start. A node that was stopped on a full disk must start again, to delete and to be read. */
    static final SizeInBytes FREE_SPACE_MIN = SizeInBytes.valueOf(DiskGuard.FREE_BYTES_MIN);

    static final int MESSAGE_BYTES_MAX = 64 << 20;

    private static final int ENTRY_HEADER_BYTES = 1 << 20;
    private static final int PREALLOCATED_BYTES_MAX = 8 << 20;
    private static final int QUEUE_ENTRIES_MAX = 65_536;
    private static final int QUEUE_BYTES_MAX = 256 << 20;
    private static final int SYNC_ENTRIES_MAX = 4_096;
    private static final int SEGMENTS_CACHED_MAX = 2;
    private static final int SEGMENT_CACHE_BYTES_MAX = 128 << 20;
    private static final int APPENDS_OUTSTANDING_MAX = 32;
    private static final int FLOW_CONTROL_BYTES = 8 << 20;
    private static final int EVENT_LOOP_THREADS = 2;
    private static final int FIRST_ELECTION_MIN_FRACTION = 5;
    private static final int FIRST_ELECTION_MAX_FRACTION = 2;
    private static final Duration RPC_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_CACHE_EXPIRY = Duration.ofSeconds(3);
    // After ten quick tries a follower that is away is tried every half second for ever; more would delay its return.
    private static final String APPENDER_RETRY = "1ms,10, 500ms,1000000000";

    private RaftSettings() {}

    static RaftProperties of(RaftOptions options, Path raftDirectory) {
        var properties = new RaftProperties();
        properties.set(RaftConfigKeys.Rpc.TYPE_KEY, BarrierRpcType.class.getName());
        RaftServerConfigKeys.setStorageDir(properties, List.of(raftDirectory.toFile()));
        RaftServerConfigKeys.setStorageFreeSpaceMin(properties, FREE_SPACE_MIN);
        RaftServerConfigKeys.setRemovedGroupsDir(properties, removedGroups(raftDirectory));
        setNetwork(properties, HostPort.parse(options.self().raftAddress()));
        setElection(properties, options);
        setLog(properties, options.retention());
        setReplication(properties, options.retention());
        setSnapshots(properties);
        return properties;
    }

    private static File removedGroups(Path raftDirectory) {
        return raftDirectory.resolveSibling("removed-groups").toFile();
    }

    private static void setNetwork(RaftProperties properties, HostPort address) {
        GrpcConfigKeys.Server.setHost(properties, address.host());
        GrpcConfigKeys.Server.setPort(properties, address.port());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(MESSAGE_BYTES_MAX));
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf(FLOW_CONTROL_BYTES));
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, APPENDS_OUTSTANDING_MAX);
        GrpcConfigKeys.Server.setHeartbeatChannel(properties, true);
        properties.setInt(GrpcConfigKeys.Server.BOSS_GROUP_SIZE_KEY, 1);
        properties.setInt(GrpcConfigKeys.Server.WORKER_GROUP_SIZE_KEY, EVENT_LOOP_THREADS);
        properties.setInt(GrpcConfigKeys.Client.WORKER_GROUP_SIZE_KEY, EVENT_LOOP_THREADS);
    }

    private static void setElection(RaftProperties properties, RaftOptions options) {
        Duration min = options.electionTimeoutMin();
        Duration max = options.electionTimeoutMax();
        Rpc.setTimeoutMin(properties, time(min));
        Rpc.setTimeoutMax(properties, time(max));
        Rpc.setFirstElectionTimeoutMin(properties, time(min.dividedBy(FIRST_ELECTION_MIN_FRACTION)));
        Rpc.setFirstElectionTimeoutMax(properties, time(min.dividedBy(FIRST_ELECTION_MAX_FRACTION)));
        Rpc.setRequestTimeout(properties, time(RPC_TIMEOUT));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, false);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, time(max));
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(RETRY_CACHE_EXPIRY));
    }

    private static void setLog(RaftProperties properties, LogRetention retention) {
        Log.setUseMemory(properties, false);
        Log.setUnsafeFlushEnabled(properties, false);
        Log.setAsyncFlushEnabled(properties, false);
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        Log.setLogMetadataEnabled(properties, false);
        Log.setForceSyncNum(properties, SYNC_ENTRIES_MAX);
        Log.setQueueElementLimit(properties, QUEUE_ENTRIES_MAX);
        Log.setQueueByteLimit(properties, SizeInBytes.valueOf(QUEUE_BYTES_MAX));
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(retention.segmentBytes()));
        Log.setPreallocatedSize(
                properties, SizeInBytes.valueOf(Math.min(PREALLOCATED_BYTES_MAX, retention.segmentBytes())));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + ENTRY_HEADER_BYTES));
        Log.setSegmentCacheNumMax(properties, SEGMENTS_CACHED_MAX);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(SEGMENT_CACHE_BYTES_MAX));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(QUEUE_BYTES_MAX));
    }

    private static void setReplication(RaftProperties properties, LogRetention retention) {
        Log.setAppendEntriesComposeEnabled(properties, false);
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
        Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        Log.Appender.setInstallSnapshotEnabled(properties, false);
        Log.Appender.setRetryPolicy(properties, APPENDER_RETRY);
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.setPurgePreservationLogNum(properties, retention.entriesKept());
        Log.setPurgeGap(properties, 1);
    }

    private static void setSnapshots(RaftProperties properties) {
        Snapshot.setAutoTriggerEnabled(properties, false);
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        Snapshot.setRetentionFileNum(properties, 2);
        Snapshot.setCreationGap(properties, 1);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
