package io.statehouse.client;

import io.grpc.MethodDescriptor;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;

/** How far a replay has come, and the request that goes on from there. Not for several threads at once. */
final class ReplayPosition implements FeedPosition<ReplayRequest, ReplayEvent> {
    private final ReplayRequest whole;
    private long received;
    private long lastCommitTs;
    // Events of the last commit: one, or one per agent. They come again when the replay goes on from that commit.
    private int ofLastCommit;
    private int toSkip;

    ReplayPosition(ReplayRequest whole) {
        this.whole = whole;
    }

    @Override
    public MethodDescriptor<ReplayRequest, ReplayEvent> method() {
        return StatehouseServiceGrpc.getReplayMethod();
    }

    @Override
    public boolean mayEnd() {
        return true;
    }

    @Override
    public Step take(ReplayEvent event) {
        return advance(event) ? new Step.Deliver(event) : Step.REPEATED;
    }

    /** The request to send next: the whole one at first, then one that begins with the last commit seen. */
    @Override
    public ReplayRequest next() {
        if (received == 0) {
            return whole;
        }
        toSkip = ofLastCommit;
        var rest = whole.toBuilder();
        if (whole.getReverse()) {
            rest.setEndTs(lastCommitTs);
        } else {
            rest.setStartTs(lastCommitTs);
        }
        if (whole.getLimit() > 0) {
            rest.setLimit(whole.getLimit() - received + toSkip);
        }
        // Another node may be behind the one that answered so far; it must catch up or it would end the replay early.
        var options = rest.getOptionsBuilder();
        if (options.getConsistency() != Consistency.CONSISTENCY_LINEARIZABLE) {
            options.setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                    .setAtLeastCommitTs(Math.max(options.getAtLeastCommitTs(), lastCommitTs));
        }
        return rest.build();
    }

    /** Takes an event; false if it was taken before. */
    boolean advance(ReplayEvent event) {
        boolean isOfLastCommit = received > 0 && event.getCommitTs() == lastCommitTs;
        if (isOfLastCommit && toSkip > 0) {
            toSkip--;
            return false;
        }
        toSkip = 0;
        ofLastCommit = isOfLastCommit ? ofLastCommit + 1 : 1;
        lastCommitTs = event.getCommitTs();
        received++;
        return true;
    }
}
