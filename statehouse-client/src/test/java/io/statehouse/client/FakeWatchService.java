package io.statehouse.client;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches over the state of a fake cluster: sends what is new, and looks now and then whether its caller is still there. */
final class FakeWatchService extends WatchServiceGrpc.WatchServiceImplBase {
    private static final long LOOK_MILLIS = 20;

    private final FakeNode node;
    private final FakeState state;

    /** Cuts a watch by dying after so many of its events; -1 = never. */
    volatile int diesAfterEvents = -1;

    /** Every watch that was asked for, in order. */
    final List<WatchRequest> watches = new CopyOnWriteArrayList<>();

    FakeWatchService(FakeNode node, FakeState state) {
        this.node = node;
        this.state = state;
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> caller) {
        watches.add(request);
        if (node.deed == FakeNode.Deed.FAIL) {
            caller.onError(node.failure);
            return;
        }
        var sending = (ServerCallStreamObserver<WatchResponse>) caller;
        sending.setOnCancelHandler(() -> {});
        var thread = new Thread(() -> send(request, sending), "fake-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void send(WatchRequest request, ServerCallStreamObserver<WatchResponse> caller) {
        long next = request.hasStartTs() ? request.getStartTs() : state.commitTs() + 1;
        int sent = 0;
        try {
            caller.onNext(mark(next - 1));
            while (!caller.isCancelled()) {
                for (ReplayEvent event : since(request, next)) {
                    if (sent == diesAfterEvents) {
                        node.die();
                        return;
                    }
                    caller.onNext(WatchResponse.newBuilder().setEvent(event).build());
                    next = event.getCommitTs() + 1;
                    sent++;
                }
                state.awaitCommit(next, LOOK_MILLIS);
            }
        } catch (IllegalStateException | InterruptedException e) {
            // The caller has gone, or this node has.
            return;
        }
    }

    private static WatchResponse mark(long commitTs) {
        return WatchResponse.newBuilder().setProgressTs(commitTs).build();
    }

    private List<ReplayEvent> since(WatchRequest request, long next) {
        return state.replay(ReplayRequest.newBuilder()
                .setAgentId(request.getAgentId())
                .setAllAgents(request.getAgentId().isEmpty())
                .setStartTs(next)
                .build());
    }
}
