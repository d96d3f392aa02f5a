package io.statehouse.raft;

import io.statehouse.raft.tls.MemberTls;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that one member of a Raft cluster needs to be told.
 *
 * @param members all members of a new cluster, this one included; a running cluster remembers its own, and one that joins
 *     asks them which cluster it is
 * @param dataDirectory belongs to this member alone
 * @param firstStart what an empty data directory may become
 * @param electionTimeoutMin a follower waits at least this long for its leader before it stands for election
 * @param entriesInFlightMax Raft entries under way at once; transactions that arrive meanwhile form the next one
 * @param queueBytesMax commands waiting at the leader; beyond it they are refused as QueueFull
 * @param flushInterval the longest time applied state stays in memory only; bounds what a restart has to apply again
 * @param retention how much of the Raft log stays on the disk; history is kept elsewhere and does not depend on it
 * @param tls how members reach each other
 * @param featureLevelMax what this member takes part in at most: {@link FeatureLevel#LATEST} but for a member that shall
 *     behave as one of an earlier release
 */
public record RaftOptions(
        Member self,
        List<Member> members,
        Path dataDirectory,
        FirstStart firstStart,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        int entriesInFlightMax,
        int batchCommandsMax,
        int batchBytesMax,
        long queueBytesMax,
        Duration flushInterval,
        Limits limits,
        LogRetention retention,
        MemberTls tls,
        int featureLevelMax) {
    public RaftOptions {
        members = List.copyOf(members);
    }

    /** The defaults for a member of a cluster. */
    public static RaftOptions of(Member self, List<Member> members, Path dataDirectory, FirstStart firstStart) {
        return new RaftOptions(
                self,
                members,
                dataDirectory,
                firstStart,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                2,
                1_024,
                3_500_000,
                64L << 20,
                Duration.ofSeconds(5),
                Limits.DEFAULT,
                LogRetention.DEFAULT,
                MemberTls.NONE,
                FeatureLevel.LATEST);
    }

    /** The same with another measure of how much Raft log is kept. */
    public RaftOptions with(LogRetention kept) {
        return new RaftOptions(
                self,
                members,
                dataDirectory,
                firstStart,
                electionTimeoutMin,
                electionTimeoutMax,
                entriesInFlightMax,
                batchCommandsMax,
                batchBytesMax,
                queueBytesMax,
                flushInterval,
                limits,
                kept,
                tls,
                featureLevelMax);
    }

    /** The same as a member of an earlier release. */
    public RaftOptions withFeatureLevelMax(int level) {
        return new RaftOptions(
                self,
                members,
                dataDirectory,
                firstStart,
                electionTimeoutMin,
                electionTimeoutMax,
                entriesInFlightMax,
                batchCommandsMax,
                batchBytesMax,
                queueBytesMax,
                flushInterval,
                limits,
                retention,
                tls,
                level);
    }

    /** The same with another way to reach the members. */
    public RaftOptions with(MemberTls way) {
        return new RaftOptions(
                self,
                members,
                dataDirectory,
                firstStart,
                electionTimeoutMin,
                electionTimeoutMax,
                entriesInFlightMax,
                batchCommandsMax,
                batchBytesMax,
                queueBytesMax,
                flushInterval,
                limits,
                retention,
                way,
                featureLevelMax);
    }
}
