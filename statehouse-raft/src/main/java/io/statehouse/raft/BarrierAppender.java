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

    /** The earliest call that has to go out as a heartbeat soon. */
    private final AtomicLong wantedCall = new AtomicLong(NONE);

    private final AppenderRegistry registry;

    BarrierAppender(
            RaftServer.Division division, LeaderState leader, FollowerInfo follower, AppenderRegistry registry) {
        super(division, new ListenedLeader(leader, registry), follower);
        this.registry = registry;
    }

    /** What a follower has committed is no reason to send anything: it goes with the next entry or heartbeat. */
    @Override
    public void notifyLogAppender() {
        if (!registry.isQuiet()) {
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
     * turn with nothing to send. New entries end the pause.
     */
    @Override
    public long getWaitTimeMs() {
        boolean isSilent = getFollower().getLastRpcResponseTime().elapsedTimeMs() > SILENT_AFTER_MILLIS;
        return isSilent ? Math.max(PAUSE_MILLIS, super.getWaitTimeMs()) : super.getWaitTimeMs();
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
