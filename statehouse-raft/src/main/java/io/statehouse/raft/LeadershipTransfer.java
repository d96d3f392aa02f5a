package io.statehouse.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.BooleanSupplier;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Hands leadership to another voter: let what is under way finish, wait until the successor holds the whole log, and
 * tell it to stand for election now.
 *
 * <p>The configuration is not touched. Ratis's own way raises the successor's priority by two changes of membership, and
 * leaves it raised when the leader dies between them.
 */
final class LeadershipTransfer {
    private final RaftServer.Division division;
    private final AppenderRegistry registry;
    private final GroupCommit proposals;
    private final Duration timeout;

    LeadershipTransfer(
            RaftServer.Division division, AppenderRegistry registry, GroupCommit proposals, Duration timeout) {
        this.division = division;
        this.registry = registry;
        this.proposals = proposals;
        this.timeout = timeout;
    }

    /** Blocks until the successor leads, and returns its id. */
    String run(@Nullable String memberId) throws InterruptedException {
        if (!division.getInfo().isLeaderReady()) {
            throw RatisFailures.notLeading(division);
        }
        if (memberId != null && memberId.equals(Members.name(division.getId()))) {
            return memberId;
        }
        BarrierAppender successor = successor(memberId);
        proposals.stop(() -> new LogException.Unavailable("leadership is being handed over", null));
        try {
            return handOver(successor);
        } finally {
            // Looked at after closing: whoever becomes leader later opens by itself, and nobody closes behind its back.
            proposals.stop();
            if (division.getInfo().isLeaderReady()) {
                proposals.open();
            }
        }
    }

    /** The voter of that name, or the one that holds most of the log among those heard of lately. */
    private BarrierAppender successor(@Nullable String memberId) {
        var voters = division.getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .toList();
        return registry.appenders().values().stream()
                .filter(appender -> voters.contains(appender.getFollowerId()))
                .filter(appender -> memberId == null
                        ? isHeard(appender)
                        : Members.name(appender.getFollowerId()).equals(memberId))
                .max(Comparator.comparingLong(appender -> appender.getFollower().getMatchIndex()))
                .orElseThrow(() -> new LogException.Unavailable(
                        memberId == null
                                ? "no other voter has been heard of lately"
                                : "member '" + memberId + "' is no voter of this cluster",
                        null));
    }

    private boolean isHeard(BarrierAppender appender) {
        return appender.getFollower().getLastRpcResponseTime().elapsedTimeMs() < timeout.toMillis();
    }

    private String handOver(BarrierAppender successor) throws InterruptedException {
        RaftPeerId id = successor.getFollowerId();
        long deadline = System.nanoTime() + timeout.toNanos();
        await(deadline, proposals::isIdle, "what is under way did not finish");
        await(deadline, () -> holdsAll(successor), "member '" + id + "' does not catch up");
        callElection(id);
        await(deadline, () -> id.equals(division.getInfo().getLeaderId()), "member '" + id + "' was not elected");
        return Members.name(id);
    }

    private boolean holdsAll(BarrierAppender successor) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        return last != null && successor.getFollower().getMatchIndex() >= last.getIndex();
    }

    private void callElection(RaftPeerId successor) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        var header = RaftRpcRequestProto.newBuilder()
                .setRequestorId(division.getId().toByteString())
                .setReplyId(successor.toByteString())
                .setRaftGroupId(
                        ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId()));
        var request = StartLeaderElectionRequestProto.newBuilder()
                .setServerRequest(header)
                .setLeaderLastEntry(last.toProto())
                .build();
        try {
            var reply = division.getRaftServer().getServerRpc().startLeaderElection(request);
            if (!reply.getServerReply().getSuccess()) {
                throw new LogException.Unavailable("member '" + successor + "' refused to stand for election", null);
            }
        } catch (IOException | StatusRuntimeException e) {
            // The second is what a successor that has gone looks like; it must not end a close halfway.
            throw new LogException.Unavailable("member '" + successor + "' could not be asked to lead", e);
        }
    }

    private static void await(long deadline, BooleanSupplier condition, String otherwise) throws InterruptedException {
        Pause.until(deadline, condition, () -> new LogException.Unavailable(otherwise + " in time", null));
    }
}
