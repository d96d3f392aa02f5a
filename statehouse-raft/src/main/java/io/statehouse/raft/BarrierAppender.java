package io.statehouse.raft;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;

/** Ratis's appender to one follower, with a heartbeat that cannot get lost and with patience for the silent. */
final class BarrierAppender extends GrpcLogAppender {
    /** No call wanted: smaller than every call id. */
    private static final long NONE = -1;

    /** A follower that has not answered for so long is not tried without a pause. */
    private static final long SILENT_AFTER_MILLIS = 500;

    private static final long PAUSE_MILLIS = 50;

    /** When no entry has taken it along by then, a follower is told by itself up to where is committed. */
    private static final long COMMIT_TOLD_AFTER_MILLIS = 10;

    /** The earliest call that has to go out as a heartbeat soon. */
    private final AtomicLong wantedCall = new AtomicLong(NONE);

    private final AppenderRegistry registry;
    private final ToldCommit told;

    BarrierAppender(
            RaftServer.Division division, LeaderState leader, FollowerInfo follower, AppenderRegistry registry) {
        this(division, leader, follower, registry, new ToldCommit());
    }

    private BarrierAppender(
            RaftServer.Division division,
            LeaderState leader,
            FollowerInfo follower,
            AppenderRegistry registry,
            ToldCommit told) {
        super(division, new ListenedLeader(leader, registry, told), follower);
        this.registry = registry;
        this.told = told;
    }

    /** Neither what a follower has committed nor the end of its answer is a reason to wake, unless there is something to send. */
    @Override
    public void notifyLogAppender() {
        boolean isReplyOver = registry.takeReplyIsOver();
        if (!registry.isQuiet() && (!isReplyOver || !isRunning() || shouldSendAppendEntries())) {
            super.notifyLogAppender();
        }
    }

    /** Sends a request now; it has the returned call id or a later one. */
    long sendFresh() {
        long call = getCallId();
        wantedCall.accumulateAndGet(call, Math::max);
        triggerHeartbeat();
        return call;
    }

    /**
     * Ratis tries a follower that is behind as fast as the processor can; one that is down and needs a snapshot, at every
     * turn with nothing to send; and after every lost stream it turns without a pause, sending nothing, until the next
     * heartbeat is due. New entries end the pause.
     */
    @Override
    public long getWaitTimeMs() {
        long usual = super.getWaitTimeMs();
        long useful = hasAppendEntries() ? usual : Math.max(usual, getHeartbeatWaitTimeMs());
        return isSilent() ? Math.max(PAUSE_MILLIS, useful) : useful;
    }

    private boolean isSilent() {
        return getFollower().getLastRpcResponseTime().elapsedTimeMs() > SILENT_AFTER_MILLIS;
    }

    /**
     * Entries take along up to where is committed. With none to send, and when the follower has answered all that was sent, a
     * heartbeat does, not at its next turn but a little after whatever was sent last.
     */
    @Override
    public long getHeartbeatWaitTimeMs() {
        long usual = super.getHeartbeatWaitTimeMs();
        return hasAppendEntries() || isSilent() ? usual : Math.min(usual, millisUntilToTell());
    }

    private long millisUntilToTell() {
        long committed = getRaftLog().getLastCommittedIndex();
        boolean isTold = told.covers(committed);
        if (isTold && getRaftLog().getNextIndex() == committed + 1) {
            return Long.MAX_VALUE;
        }
        // There may soon be something to tell.
        boolean isWaiting =
                isTold || getFollower().getMatchIndex() + 1 < getFollower().getNextIndex();
        long sinceLast = getFollower().getLastRpcSendTime().elapsedTimeMs();
        return isWaiting ? COMMIT_TOLD_AFTER_MILLIS : Math.max(0, COMMIT_TOLD_AFTER_MILLIS - sinceLast);
    }

    @Override
    protected void resetHeartbeatTrigger() {
        super.resetHeartbeatTrigger();
        // Ratis resets the trigger after it has numbered a request. A heartbeat that was asked for between the two
        // would be forgotten until the next regular one.
        if (getCallId() <= wantedCall.get()) {
            triggerHeartbeat();
        }
    }
}
