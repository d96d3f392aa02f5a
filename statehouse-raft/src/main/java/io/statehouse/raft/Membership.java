package io.statehouse.raft;

import io.statehouse.raft.LogException.Reason;
import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.raft.disk.NodeIdentity;
import io.statehouse.raft.tls.MemberTls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes who belongs to the cluster, on the leader: one step of joint consensus for each change.
 *
 * <p>What a newcomer is, it is asked itself; only one that was let into this cluster's directory and never voted is
 * taken. Ratis copies the state to it first, and changes the configuration when it has caught up. Everything is checked
 * before Ratis is asked: an exception half way through would block every later change (docs/decisions/0025).
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Cluster cluster;
    private final RaftServer.Division division;
    private final AppenderRegistry registry;

    /** A member that has not answered for so long does not count when a majority must be there. */
    private final Duration silentMax;

    private final ClientId clientId = ClientId.randomId();
    private final AtomicReference<@Nullable UnderWay> underWay = new AtomicReference<>();

    /** A change that this leadership has begun. */
    private record UnderWay(MembershipChange change, long term, CompletableFuture<Void> end) {
        boolean isOver(long present) {
            return end.isDone() || term != present;
        }
    }

    /**
     * Which cluster it is, and how its members are reached.
     *
     * @param requireNewEnough refuses a node whose release could not follow the log
     */
    record Cluster(UUID id, MemberTls tls, Consumer<Member> requireNewEnough) {}

    Membership(Cluster cluster, RaftServer.Division division, AppenderRegistry registry, Duration silentMax) {
        this.cluster = cluster;
        this.division = division;
        this.registry = registry;
        this.silentMax = silentMax;
    }

    /**
     * Completes when the change is committed, at once when there is nothing to change. Blocks while it asks newcomers. One
     * change at a time: the same asked again waits for the first, another one is refused at once.
     */
    CompletableFuture<Void> change(MembershipChange change, long callId) throws IOException {
        if (!division.getInfo().isLeaderReady()) {
            throw RatisFailures.notLeading(division);
        }
        var asked = new UnderWay(change, division.getInfo().getCurrentTerm(), new CompletableFuture<>());
        var first = Objects.requireNonNull(
                underWay.updateAndGet(known -> known == null || known.isOver(asked.term()) ? asked : known));
        // Each has a future of its own, so this one is in the place only if it was put there now.
        if (!first.equals(asked)) {
            if (first.change().equals(change)) {
                return first.end().copy();
            }
            throw new LogException.ChangeRefused(
                    Reason.IN_PROGRESS, "another change of the members is under way: " + first.change());
        }
        try {
            var unused = begin(change, callId).whenComplete((done, failure) -> {
                if (failure == null) {
                    asked.end().complete(null);
                } else {
                    asked.end().completeExceptionally(failure);
                }
            });
            return asked.end().copy();
        } catch (IOException | RuntimeException refusal) {
            // Whoever asked for the same meanwhile is told the same.
            asked.end().completeExceptionally(refusal);
            throw refusal;
        }
    }

    /** Refuses what {@link #change} would refuse now. Blocks while it asks newcomers. */
    void requirePossible(MembershipChange change) {
        List<RaftPeer> voters = List.copyOf(division.getRaftConf().getCurrentPeers());
        requireMajority(wanted(change, voters), voters);
    }

    private CompletableFuture<Void> begin(MembershipChange change, long callId) throws IOException {
        List<RaftPeer> voters = List.copyOf(division.getRaftConf().getCurrentPeers());
        List<RaftPeer> wanted = wanted(change, voters);
        if (ids(wanted).equals(ids(voters))) {
            return CompletableFuture.completedFuture(null);
        }
        requireMajority(wanted, voters);
        LOG.info(
                "changing the members member={} from={} to={}",
                Members.name(division.getId()),
                ids(voters),
                ids(wanted));
        return set(voters, wanted, callId);
    }

    private List<RaftPeer> wanted(MembershipChange change, List<RaftPeer> voters) {
        return switch (change) {
            case MembershipChange.Replace replace -> replaced(replace.memberId(), replace.successor(), voters);
            case MembershipChange.Add add -> added(add.newcomer(), voters);
            case MembershipChange.Remove remove -> removed(remove.memberId(), voters);
        };
    }

    private List<RaftPeer> replaced(String memberId, Member successor, List<RaftPeer> voters) {
        RaftPeer newcomer = introduced(successor);
        if (find(newcomer.getId(), voters) != null) {
            return voters;
        }
        RaftPeer old = requireVoter(memberId, voters);
        List<RaftPeer> others = without(old, voters);
        requireNewName(successor, others);
        return with(newcomer, others);
    }

    private List<RaftPeer> added(Member newcomer, List<RaftPeer> voters) {
        RaftPeer peer = introduced(newcomer);
        if (find(peer.getId(), voters) != null) {
            return voters;
        }
        requireNewName(newcomer, voters);
        return with(peer, voters);
    }

    private List<RaftPeer> removed(String memberId, List<RaftPeer> voters) {
        RaftPeer leaving = named(memberId, voters);
        if (leaving == null) {
            return voters;
        }
        if (voters.size() == 1) {
            throw new LogException.ChangeRefused(
                    Reason.NO_MAJORITY, "member '" + memberId + "' is the only voter; without it nobody could decide");
        }
        return without(leaving, voters);
    }

    /** The newcomer as it says itself that it is. */
    private RaftPeer introduced(Member newcomer) {
        NodeIdentity identity = ask(newcomer);
        if (identity == null) {
            throw new LogException.ChangeRefused(
                    Reason.UNREACHABLE,
                    "nobody answers at " + newcomer.raftAddress() + "; start node '" + newcomer.id()
                            + "' there with an empty data directory and --join");
        }
        if (!identity.nodeId().equals(newcomer.id())) {
            throw new LogException.ChangeRefused(
                    Reason.OTHER_NODE,
                    "the node at " + newcomer.raftAddress() + " is '" + identity.nodeId() + "', not '" + newcomer.id()
                            + "'");
        }
        if (!cluster.id.equals(identity.clusterId())) {
            throw new LogException.ChangeRefused(
                    Reason.OTHER_CLUSTER,
                    "node '" + newcomer.id() + "' belongs to cluster "
                            + identity.clusterId() + ", not to " + cluster.id
                            + "; start it with an empty data directory and"
                            + " --join");
        }
        requireUnused(identity);
        cluster.requireNewEnough.accept(newcomer);
        return Members.peer(identity.peerId(), newcomer);
    }

    /** Founders are members from the beginning: one that is none any more has votes and a log of that time. */
    private void requireUnused(NodeIdentity identity) {
        if (identity.isFounder()
                && find(
                                RaftPeerId.valueOf(identity.peerId()),
                                division.getRaftConf().getCurrentPeers())
                        == null) {
            throw new LogException.ChangeRefused(
                    Reason.USED_DIRECTORY,
                    "the data directory of node '" + identity.nodeId() + "' is of a member that was removed; start it"
                            + " with an empty data directory and --join");
        }
    }

    private @Nullable NodeIdentity ask(Member node) {
        try {
            return DiskGuard.identityOf(node, cluster.tls);
        } catch (StartRefusedException e) {
            throw new LogException.ChangeRefused(Reason.OTHER_CLUSTER, String.valueOf(e.getMessage()));
        }
    }

    private static RaftPeer requireVoter(String memberId, List<RaftPeer> voters) {
        RaftPeer voter = named(memberId, voters);
        if (voter == null) {
            throw new LogException.ChangeRefused(
                    Reason.NO_SUCH_MEMBER, "no voter is named '" + memberId + "'; there are " + ids(voters));
        }
        return voter;
    }

    /** Two voters of one name, or at one address, could not be told apart. */
    private static void requireNewName(Member newcomer, List<RaftPeer> others) {
        for (RaftPeer other : others) {
            if (Members.name(other.getId()).equals(newcomer.id())) {
                throw new LogException.ChangeRefused(
                        Reason.NAME_TAKEN,
                        "a voter is named '" + newcomer.id()
                                + "' already; if its disk was lost: statehousectl cluster replace " + newcomer.id());
            }
            if (other.getAddress().equals(newcomer.raftAddress())) {
                throw new LogException.ChangeRefused(
                        Reason.ADDRESS_TAKEN,
                        "voter '" + Members.name(other.getId()) + "' has the Raft address " + newcomer.raftAddress()
                                + " already");
            }
        }
    }

    /** The changed cluster must be able to work at once, or it would stand still with nobody able to change it again. */
    private void requireMajority(List<RaftPeer> wanted, List<RaftPeer> voters) {
        long silent = wanted.stream()
                .filter(peer -> find(peer.getId(), voters) != null && !isHeard(peer.getId()))
                .count();
        if (2 * silent >= wanted.size()) {
            throw new LogException.ChangeRefused(
                    Reason.NO_MAJORITY,
                    silent + " of the " + wanted.size()
                            + " voters after the change do not answer, so it would leave no majority; bring them back first");
        }
    }

    private boolean isHeard(RaftPeerId id) {
        BarrierAppender appender = registry.appenders().get(id);
        return id.equals(division.getId())
                || (appender != null
                        && appender.getFollower().getLastRpcResponseTime().elapsedTimeMs() < silentMax.toMillis());
    }

    private CompletableFuture<Void> set(List<RaftPeer> voters, List<RaftPeer> wanted, long callId) throws IOException {
        var listeners = List.copyOf(division.getRaftConf().getCurrentPeers(RaftPeerRole.LISTENER));
        var arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(voters)
                .setListenersInCurrentConf(listeners)
                .setServersInNewConf(wanted)
                .setListenersInNewConf(listeners)
                .build();
        var request = new SetConfigurationRequest(
                clientId, division.getId(), division.getGroup().getGroupId(), callId, arguments);
        return division.getRaftServer().setConfigurationAsync(request).thenAccept(Membership::requireSuccess);
    }

    private static void requireSuccess(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw RatisFailures.notChanged(reply.getException());
        }
    }

    private static List<RaftPeer> with(RaftPeer newcomer, List<RaftPeer> voters) {
        var all = new ArrayList<>(voters);
        all.add(newcomer);
        return List.copyOf(all);
    }

    private static List<RaftPeer> without(RaftPeer leaving, List<RaftPeer> voters) {
        return voters.stream()
                .filter(peer -> !peer.getId().equals(leaving.getId()))
                .toList();
    }

    private static @Nullable RaftPeer named(String memberId, Collection<RaftPeer> voters) {
        return voters.stream()
                .filter(peer -> Members.name(peer.getId()).equals(memberId))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable RaftPeer find(RaftPeerId id, Collection<RaftPeer> voters) {
        return voters.stream()
                .filter(peer -> peer.getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static List<String> ids(List<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).sorted().toList();
    }
}
