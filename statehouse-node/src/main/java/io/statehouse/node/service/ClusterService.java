package io.statehouse.node.service;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SnapshotTaken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.StateMachine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster as an operator asks about it. */
public final class ClusterService {
    private static final String STILL_COPYING = "the new member is still being copied to";

    private final ReplicatedLog log;
    private final AccessPolicy policy;
    private final DiskGauge disk;
    private final PeerCalls peers;
    private final Self self;

    public ClusterService(StateService.Node node, PeerCalls peers, Self self) {
        this.log = node.log();
        this.policy = node.policy();
        this.disk = node.disk();
        this.peers = peers;
        this.self = self;
    }

    /**
     * What a node knows of itself alone.
     *
     * @param featureLevelMax what commands it takes part in
     * @param settings the text of every setting by its name, secrets masked
     * @param certificateEnds when each certificate in use ceases to be valid; null = it cannot be read
     */
    public record Self(
            NodeHealth health,
            InstantSource clock,
            int featureLevelMax,
            Map<String, String> settings,
            Supplier<Map<String, @Nullable Instant>> certificateEnds) {
        public Self {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * A node as it is at the moment.
     *
     * @param whyNotReady null when it can serve
     */
    public record Examined(
            ClusterView cluster,
            @Nullable String whyNotReady,
            long clockMillis,
            DiskGauge.Space disk,
            Map<String, String> settings,
            Map<String, @Nullable Instant> certificateEnds) {}

    /** This node, for whoever looks for what is wrong with it. */
    public Examined examine(Caller caller) {
        policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
        return new Examined(
                log.cluster(),
                self.health().whyNotReady(),
                self.clock().millis(),
                disk.space(),
                self.settings(),
                self.certificateEnds().get());
    }

    /** What the cluster uses of what releases have added, as far as this node has applied it. */
    public int featureLevel() {
        return log.query(StateMachine::featureLevel);
    }

    /** What this node knows. */
    public int featureLevelMax() {
        return self.featureLevelMax();
    }

    /** The id of this node. */
    public String self() {
        return log.cluster().self().id();
    }

    /** Has this node force its state to its disk and purge its Raft log. */
    public CompletableFuture<SnapshotTaken> takeSnapshot(Caller caller) {
        policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
        return log.takeSnapshot();
    }

    /** The cluster as this node sees it. */
    public ClusterView status(Caller caller) {
        policy.require(caller, Role.READER, null);
        return log.cluster();
    }

    /** Hands leadership to a member, any other one if the id is empty; completes with the new leader's id. */
    public CompletableFuture<String> transferLeadership(Caller caller, String memberId) {
        policy.require(caller, Role.OPERATOR, Grant.EVERYWHERE);
        List<Member> voters = log.cluster().voters();
        boolean isKnown = voters.stream().anyMatch(member -> member.id().equals(memberId));
        if (!memberId.isEmpty() && !isKnown && !voters.isEmpty()) {
            throw Refusals.invalid("node_id", "no voter is named " + memberId);
        }
        return atLeader(
                caller,
                log.transferLeadership(memberId.isEmpty() ? null : memberId),
                leader -> peers.transferLeadership(leader, memberId, caller));
    }

    /** Changes who belongs to the cluster; when the caller's time is over before, the change goes on. */
    public CompletableFuture<Void> change(Caller caller, MembershipChange change) {
        policy.require(caller, Role.ADMIN, Grant.EVERYWHERE);
        CompletableFuture<Void> done =
                atLeader(caller, log.change(change), leader -> peers.changeMembers(leader, change, caller));
        return done.copy()
                .orTimeout(caller.timeLeft().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(failure)));
    }

    /** What follows a commit says that nothing was applied; of a change nobody can. */
    private static Throwable told(Throwable failure) {
        Throwable root =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (root) {
            case TimeoutException late -> Refusals.unfinished(STILL_COPYING);
            case LogException.Unavailable unavailable -> Refusals.unfinished(String.valueOf(unavailable.getMessage()));
            default -> root;
        };
    }

    /** Has the leader do what this node could not, because it does not lead. */
    private <T> CompletableFuture<T> atLeader(
            Caller caller, CompletableFuture<T> here, Function<Member, CompletableFuture<T>> there) {
        return here.exceptionallyCompose(failure -> {
            Member leader = log.cluster().leader();
            if (leader == null || !caller.mayForward() || Refusals.of(failure).kind() != ErrorKind.NOT_LEADER) {
                return CompletableFuture.failedFuture(failure);
            }
            return leader.id().equals(log.cluster().self().id())
                    ? CompletableFuture.failedFuture(failure)
                    : there.apply(leader);
        });
    }
}
