package org.apache.ratis.server.impl;

import io.statehouse.raft.ElectionTurns;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.grpc.server.ServerConnections;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.util.ServerStringUtils;
import org.apache.ratis.util.Daemon;
import org.apache.ratis.util.TimeDuration;
import org.apache.ratis.util.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the place of Ratis's class of this name: a follower that has heard nothing for one election timeout stands for
 * election.
 *
 * <p>Timeouts are drawn as {@link ElectionTurns} says. Ratis's own form sleeps a timeout through and then asks whether the last message is older than that. A leader that
 * dies in the middle of a sleep is found dead by the next one only, so a timeout of one to two seconds takes up to four.
 * This form sleeps for what is missing since the last message. {@code DiskGuard} refuses to start when the other one was
 * loaded.
 */
public final class FollowerState extends Daemon {
    static final Logger LOG = LoggerFactory.getLogger(FollowerState.class);

    // At this part of the timeout, members that were gone are tried to be reached, to be there when it comes to the
    // vote.
    private static final double PREPARE_AT = 0.5;

    // How soon it is looked again when the time has passed but this follower may not stand yet.
    private static final long LOOK_AGAIN_MS = 10;

    /** What was heard from the leader or a candidate. */
    enum UpdateType {
        APPEND_START(1),
        APPEND_COMPLETE(-1),
        INSTALL_SNAPSHOT_START(1),
        INSTALL_SNAPSHOT_COMPLETE(-1),
        INSTALL_SNAPSHOT_NOTIFICATION(0),
        REQUEST_VOTE(0);

        private final int opened;

        UpdateType(int opened) {
            this.opened = opened;
        }
    }

    private final Object reason;
    private final RaftServerImpl server;
    private final Timestamp creationTime = Timestamp.currentTime();
    private final AtomicInteger outstandingOp = new AtomicInteger();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile Timestamp lastRpcTime = creationTime;
    private volatile boolean isRunning = true;

    FollowerState(RaftServerImpl server, Object reason) {
        super(newBuilder()
                .setName(ServerStringUtils.generateUnifiedName(server.getMemberId(), FollowerState.class))
                .setThreadGroup(server.getThreadGroup()));
        this.server = server;
        this.reason = reason;
    }

    /** Only this form has it; asking for it tells the two apart. */
    public static boolean countsFromTheLastMessage() {
        return true;
    }

    void updateLastRpcTime(UpdateType type) {
        lastRpcTime = Timestamp.currentTime();
        outstandingOp.addAndGet(type.opened);
    }

    Timestamp getLastRpcTime() {
        return lastRpcTime;
    }

    int getOutstandingOp() {
        return outstandingOp.get();
    }

    boolean isCurrentLeaderValid() {
        return lastRpcTime.elapsedTime().compareTo(server.properties().minRpcTimeout()) < 0;
    }

    CompletableFuture<Void> stopRunning() {
        isRunning = false;
        interrupt();
        return stopped;
    }

    /** A leader that lost its majority lets another one try first. */
    boolean lostMajorityHeartbeatsRecently() {
        return reason == LeaderState.StepDownReason.LOST_MAJORITY_HEARTBEATS
                && creationTime.elapsedTime().compareTo(server.getLeaderStepDownWaitTime()) < 0;
    }

    @Override
    public void run() {
        try {
            while (shouldRun() && !stoodOrFailed()) {
                LOG.debug("{} starts to count anew", this);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is interrupted", this);
            Thread.currentThread().interrupt();
        } finally {
            stopped.complete(null);
        }
    }

    /** A voter that stopped counting would never stand again. */
    private boolean stoodOrFailed() throws InterruptedException {
        try {
            return stoodForElection();
        } catch (RuntimeException e) {
            LOG.warn("{} counts anew", this, e);
            TimeDuration.valueOf(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS).sleep();
            return false;
        }
    }

    private boolean shouldRun() {
        return isRunning && (server.getInfo().isFollower() || server.getInfo().isListener());
    }

    /** Waits one timeout of silence out; false when there is reason to count anew. */
    private boolean stoodForElection() throws InterruptedException {
        TimeDuration timeout = timeout();
        long timeoutMs = timeout.toLong(TimeUnit.MILLISECONDS);
        boolean isPrepared = false;
        for (Timestamp last = lastRpcTime; shouldRun(); last = lastRpcTime) {
            long silenceMs = last.elapsedTimeMs();
            if (!isPrepared && silenceMs >= timeoutMs * PREPARE_AT) {
                ServerConnections.tryAgain(server.getServerRpc(), others());
                isPrepared = true;
            }
            long missing = (isPrepared ? timeoutMs : (long) (timeoutMs * PREPARE_AT)) - silenceMs;
            if (isPrepared && missing <= 0 && stands(timeout)) {
                return true;
            }
            TimeDuration extra = TimeDuration.valueOf(Math.max(missing, LOOK_AGAIN_MS), TimeUnit.MILLISECONDS)
                    .sleep();
            if (extra.compareTo(server.getSleepDeviationThreshold()) > 0) {
                // It was this process that stood still, not the leader, whose messages may be waiting to be read.
                LOG.warn("{} slept {} too long and counts anew", this, extra);
                timeout.sleep();
                return false;
            }
            if (missing > 0 && !last.equals(lastRpcTime)) {
                return false;
            }
        }
        return false;
    }

    private TimeDuration timeout() {
        TimeDuration random = server.getRandomElectionTimeout();
        if (random.compareTo(server.properties().minRpcTimeout()) < 0) {
            // The first election since the start has shorter timeouts of its own: nobody is known to lead yet.
            return random;
        }
        List<String> voters = server.getState().getRaftConf().getCurrentPeers().stream()
                .map(peer -> peer.getId().toString())
                .toList();
        RaftPeerId leaderId = server.getState().getLeaderId();
        String leader = leaderId == null ? "" : leaderId.toString();
        String self = server.getId().toString();
        long millis = ElectionTurns.timeoutMs(
                ElectionTurns.rank(self, leader, voters),
                ElectionTurns.turns(leader, voters),
                server.properties().minRpcTimeoutMs(),
                server.properties().maxRpcTimeoutMs(),
                ThreadLocalRandom.current().nextDouble());
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }

    private List<RaftPeerId> others() {
        return server.getState().getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .filter(id -> !id.equals(server.getId()))
                .toList();
    }

    private boolean stands(TimeDuration timeout) {
        synchronized (server) {
            if (!mayStand(timeout)) {
                return false;
            }
            LOG.info("{} stands for election after {} ms of silence", this, lastRpcTime.elapsedTimeMs());
            server.getLeaderElectionMetrics().onLeaderElectionTimeout();
            server.changeToCandidate(false);
            return true;
        }
    }

    private boolean mayStand(TimeDuration timeout) {
        return outstandingOp.get() == 0
                && isRunning
                && server.getInfo().isFollower()
                && lastRpcTime.elapsedTime().compareTo(timeout) >= 0
                && !lostMajorityHeartbeatsRecently()
                && server.isRunning();
    }

    @Override
    public String toString() {
        return getName();
    }
}
