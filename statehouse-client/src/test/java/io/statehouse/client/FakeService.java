package io.statehouse.client;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.GetTransactionResponse;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListKeysResponse;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.ScanPrefixResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.VersionRequest;
import io.statehouse.proto.v1.VersionResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The calls of a fake node, over the state its cluster shares. */
final class FakeService extends StatehouseServiceGrpc.StatehouseServiceImplBase {
    private final FakeNode node;
    private final FakeState state;

    /** Cuts a replay by dying after so many of its events; -1 = never. */
    volatile int diesAfterEvents = -1;

    final List<GetStateRequest> gets = new CopyOnWriteArrayList<>();
    final List<ListKeysRequest> lists = new CopyOnWriteArrayList<>();
    final List<ReplayRequest> replays = new CopyOnWriteArrayList<>();
    final AtomicInteger eventsSent = new AtomicInteger();
    final AtomicInteger replaysCancelled = new AtomicInteger();

    FakeService(FakeNode node, FakeState state) {
        this.node = node;
        this.state = state;
    }

    @Override
    public void health(HealthRequest request, StreamObserver<HealthResponse> caller) {
        act(caller, () -> HealthResponse.newBuilder().setStatus("ok").build());
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> caller) {
        act(
                caller,
                () -> VersionResponse.newBuilder()
                        .setVersion("1.2.3")
                        .setGitSha("abc")
                        .build());
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> caller) {
        node.commitIds.add(request.getTxnId());
        act(node.deed("Commit"), caller, () -> state.commit(request));
    }

    @Override
    public void getState(GetStateRequest request, StreamObserver<GetStateResponse> caller) {
        gets.add(request);
        act(
                caller,
                () -> state.get(
                        request.getNamespace(), request.getAgentId(), request.getKey(), asOf(request.getOptions())));
    }

    @Override
    public void getStateAtVersion(GetStateAtVersionRequest request, StreamObserver<GetStateAtVersionResponse> caller) {
        act(
                caller,
                () -> GetStateAtVersionResponse.newBuilder()
                        .setVersion(request.getVersion())
                        .build());
    }

    @Override
    public void listKeys(ListKeysRequest request, StreamObserver<ListKeysResponse> caller) {
        lists.add(request);
        act(caller, () -> {
            long cut = cut(request.getPageToken(), request.getOptions());
            List<String> keys = state.keys(request.getNamespace(), request.getAgentId(), request.getPrefix(), cut);
            int from = from(request.getPageToken());
            int to = Math.min(from + request.getPageSize(), keys.size());
            return ListKeysResponse.newBuilder()
                    .addAllKeys(keys.subList(from, to))
                    .setReadTs(cut)
                    .setNextPageToken(to < keys.size() ? cut + ":" + to : "")
                    .build();
        });
    }

    @Override
    public void scanPrefix(ScanPrefixRequest request, StreamObserver<ScanPrefixResponse> caller) {
        act(caller, () -> {
            long cut = asOf(request.getOptions());
            var page = ScanPrefixResponse.newBuilder().setReadTs(cut);
            for (String key : state.keys(request.getNamespace(), request.getAgentId(), request.getPrefix(), cut)) {
                GetStateResponse held = state.get(request.getNamespace(), request.getAgentId(), key, cut);
                page.addEntries(StateEntry.newBuilder()
                        .setKey(key)
                        .setJson(held.getJson())
                        .setVersion(held.getVersion())
                        .setCommitTs(held.getCommitTs()));
            }
            return page.build();
        });
    }

    @Override
    public void replay(ReplayRequest request, StreamObserver<ReplayEvent> caller) {
        replays.add(request);
        if (node.deed == FakeNode.Deed.BE_SILENT) {
            return;
        }
        if (node.deed == FakeNode.Deed.FAIL) {
            caller.onError(node.failure);
            return;
        }
        var sending = (ServerCallStreamObserver<ReplayEvent>) caller;
        List<ReplayEvent> events = state.replay(request);
        var position = new AtomicInteger();
        sending.setOnCancelHandler(replaysCancelled::incrementAndGet);
        sending.setOnReadyHandler(() -> send(events, position, sending));
    }

    private void send(List<ReplayEvent> events, AtomicInteger position, ServerCallStreamObserver<ReplayEvent> caller) {
        while (caller.isReady() && position.get() < events.size()) {
            if (position.get() == diesAfterEvents) {
                node.die();
                return;
            }
            caller.onNext(events.get(position.getAndIncrement()));
            eventsSent.incrementAndGet();
        }
        if (position.get() == events.size()) {
            position.incrementAndGet();
            caller.onCompleted();
        }
    }

    @Override
    public void getTransaction(GetTransactionRequest request, StreamObserver<GetTransactionResponse> caller) {
        act(
                caller,
                () -> GetTransactionResponse.newBuilder()
                        .setStatus(state.statusOf(request.getTxnId()))
                        .build());
    }

    @Override
    public void resolveTransaction(
            ResolveTransactionRequest request, StreamObserver<ResolveTransactionResponse> caller) {
        act(caller, () -> state.resolve(request.getTxnId()));
    }

    private long asOf(ReadOptions options) {
        return options.hasCommitTs() ? options.getCommitTs() : state.commitTs();
    }

    private long cut(String token, ReadOptions options) {
        return token.isEmpty() ? asOf(options) : Long.parseLong(token.substring(0, token.indexOf(':')));
    }

    private static int from(String token) {
        return token.isEmpty() ? 0 : Integer.parseInt(token.substring(token.indexOf(':') + 1));
    }

    private <R> void act(StreamObserver<R> caller, Supplier<R> deed) {
        act(node.deed, caller, deed);
    }

    private <R> void act(FakeNode.Deed how, StreamObserver<R> caller, Supplier<R> deed) {
        switch (how) {
            case ANSWER -> answer(caller, deed);
            case DO_AND_DIE -> {
                R unused = deed.get();
                node.die();
            }
            case DO_AND_BE_SILENT -> {
                R unused = deed.get();
            }
            case BE_SILENT -> {}
            case NAME_LEADER -> {
                if (FakeNode.callerAskedForHints()) {
                    var details = Map.of("leader_id", "n1", "leader_address", node.leader);
                    caller.onError(FakeNode.error(ErrorCode.NOT_LEADER, "another member leads", details));
                } else {
                    answer(caller, deed);
                }
            }
            case NOT_READY -> caller.onError(FakeNode.error(ErrorCode.NOT_READY, "no leader", Map.of()));
            case FAIL -> caller.onError(node.failure);
        }
    }

    private static <R> void answer(StreamObserver<R> caller, Supplier<R> deed) {
        R answer;
        try {
            answer = deed.get();
        } catch (io.grpc.StatusRuntimeException e) {
            caller.onError(e);
            return;
        }
        caller.onNext(answer);
        caller.onCompleted();
    }
}
