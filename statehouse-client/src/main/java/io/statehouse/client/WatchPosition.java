package io.statehouse.client;

import io.grpc.MethodDescriptor;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;

/** How far a watch has come: it goes on after the last mark, or with the last commit of which it saw an event. */
final class WatchPosition implements FeedPosition<WatchRequest, WatchResponse> {
    private final WatchRequest whole;
    private boolean isPlaced;
    private long next;
    // Events of the commit before `next` that were seen: one, or several when it is too large for one message.
    private int ofLastCommit;
    private int toSkip;

    WatchPosition(WatchRequest whole) {
        this.whole = whole;
        this.isPlaced = whole.hasStartTs();
        this.next = whole.getStartTs();
    }

    @Override
    public MethodDescriptor<WatchRequest, WatchResponse> method() {
        return WatchServiceGrpc.getWatchMethod();
    }

    @Override
    public boolean mayEnd() {
        return false;
    }

    @Override
    public WatchRequest next() {
        if (!isPlaced) {
            return whole;
        }
        toSkip = ofLastCommit;
        return whole.toBuilder().setStartTs(ofLastCommit > 0 ? next - 1 : next).build();
    }

    @Override
    public Step take(WatchResponse message) {
        return message.hasEvent() ? take(message.getEvent()) : pass(message.getProgressTs());
    }

    private Step take(ReplayEvent event) {
        boolean isOfLastCommit = ofLastCommit > 0 && event.getCommitTs() == next - 1;
        if (isOfLastCommit && toSkip > 0) {
            toSkip--;
            return Step.REPEATED;
        }
        toSkip = 0;
        ofLastCommit = isOfLastCommit ? ofLastCommit + 1 : 1;
        next = event.getCommitTs() + 1;
        isPlaced = true;
        return new Step.Deliver(event);
    }

    private Step pass(long commitTs) {
        // A node that is behind says how far it has come itself; that takes nothing back.
        if (!isPlaced || commitTs >= next) {
            isPlaced = true;
            next = commitTs + 1;
            ofLastCommit = 0;
        }
        return new Step.Passed(next - 1);
    }
}
