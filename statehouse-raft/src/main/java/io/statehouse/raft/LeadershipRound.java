package io.statehouse.raft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;

/**
 * One proof that this member still leads: after its start, a majority has answered requests that were sent after its
 * start, in its term.
 *
 * <p>The index it proves is the commit index from before, so it covers every commit acknowledged before the start.
 */
final class LeadershipRound {
    private final RaftServer.Division division;
    private final long term;
    private final long commitIndex;
    private final CompletableFuture<Long> proof = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();

    /** Guarded by this: from which call of which appender on a reply counts. */
    private final Map<RaftPeerId, Sent> sent = new HashMap<>();

    /** Guarded by this. */
    private final Set<RaftPeerId> acknowledged = new HashSet<>();

    private volatile Set<RaftPeerId> provenBy = Set.of();
    private volatile List<BarrierAppender> others = List.of();

    private record Sent(LogAppender appender, long firstCall) {}

    /** A round that has not asked anybody yet; it has failed already where this member does not lead. */
    LeadershipRound(RaftServer.Division division) {
        this.division = division;
        this.term = division.getInfo().getCurrentTerm();
        if (!leadsStill()) {
            proof.completeExceptionally(RatisFailures.notLeading(division));
        }
        // Read after the check: a leader that is not ready yet may not know what earlier leaders committed.
        this.commitIndex = division.getRaftLog().getLastCommittedIndex();
    }

    CompletableFuture<Long> proof() {
        return proof;
    }

    /**
     * Asks as many followers as make a majority with this member, in the given order; all of them while the members change.
     * The caller has made sure that their replies reach {@link #onReply}.
     */
    void ask(List<BarrierAppender> appenders) {
        var configuration = division.getRaftConf();
        var voters =
                configuration.getCurrentPeers().stream().map(RaftPeer::getId).collect(Collectors.toSet());
        boolean isChanging = !configuration.getPreviousPeers().isEmpty();
        int needed = isChanging ? appenders.size() : voters.size() / 2;
        var rest = new ArrayList<BarrierAppender>();
        for (BarrierAppender appender : appenders) {
            if (needed > 0 && (isChanging || voters.contains(appender.getFollowerId()))) {
                ask(appender);
                needed--;
            } else {
                rest.add(appender);
            }
        }
        others = List.copyOf(rest);
        completeWhenProven();
    }

    /** Asks those who were not asked yet. */
    void askOthers() {
        var notAsked = others;
        others = List.of();
        notAsked.stream().filter(this::isNotAsked).forEach(this::ask);
    }

    /** Fails where the round has taken longer than that. */
    void endAfter(Duration timeout) {
        if (System.nanoTime() - startNanos > timeout.toNanos()) {
            proof.completeExceptionally(
                    new TimeoutException("no majority has answered within " + timeout.toMillis() + " ms"));
        }
    }

    /** An appender that was made anew has been asked as soon as it was there. */
    private synchronized boolean isNotAsked(BarrierAppender appender) {
        return !sent.containsKey(appender.getFollowerId());
    }

    /** Who had answered when the proof was there. */
    Set<RaftPeerId> provenBy() {
        return provenBy;
    }

    void ask(BarrierAppender appender) {
        synchronized (this) {
            sent.put(appender.getFollowerId(), new Sent(appender, appender.getCallId()));
        }
        appender.sendFresh();
    }

    void onReply(LogAppender appender, AppendEntriesReplyProto reply) {
        boolean isOurs = reply.getTerm() <= term
                && (reply.getResult() == AppendResult.SUCCESS || reply.getResult() == AppendResult.INCONSISTENCY);
        if (isOurs && acknowledge(appender, reply.getServerReply().getCallId())) {
            completeWhenProven();
        }
    }

    private synchronized boolean acknowledge(LogAppender appender, long call) {
        Sent request = sent.get(appender.getFollowerId());
        return request != null
                && request.appender.equals(appender)
                && call >= request.firstCall
                && acknowledged.add(appender.getFollowerId());
    }

    private void completeWhenProven() {
        var configuration = division.getRaftConf();
        if (!hasMajority(configuration.getCurrentPeers()) || !hasMajority(configuration.getPreviousPeers())) {
            return;
        }
        if (leadsStill()) {
            synchronized (this) {
                provenBy = provenBy.isEmpty() ? Set.copyOf(acknowledged) : provenBy;
            }
            proof.complete(commitIndex);
        } else {
            proof.completeExceptionally(RatisFailures.notLeading(division));
        }
    }

    /** No peers at all, as before the first change of membership, need no majority. */
    private synchronized boolean hasMajority(Collection<RaftPeer> peers) {
        long votes = peers.stream()
                .map(RaftPeer::getId)
                .filter(id -> id.equals(division.getId()) || acknowledged.contains(id))
                .count();
        return peers.isEmpty() || votes * 2 > peers.size();
    }

    private boolean leadsStill() {
        var info = division.getInfo();
        return info.isLeader() && info.isLeaderReady() && info.getCurrentTerm() == term;
    }
}
