package io.statehouse.node.grpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.HistoryCursor;
import io.statehouse.proto.v1.AbortRequest;
import io.statehouse.proto.v1.AbortResponse;
import io.statehouse.proto.v1.BeginTransactionRequest;
import io.statehouse.proto.v1.BeginTransactionResponse;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.DeleteRequest;
import io.statehouse.proto.v1.DeleteResponse;
import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.GetTransactionResponse;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.ListAgentsRequest;
import io.statehouse.proto.v1.ListAgentsResponse;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListKeysResponse;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.ListNamespacesResponse;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.ScanPrefixResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.VersionRequest;
import io.statehouse.proto.v1.VersionResponse;
import io.statehouse.proto.v1.WriteRequest;
import io.statehouse.proto.v1.WriteResponse;
import io.statehouse.statemachine.TxnId;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** The published calls and their native siblings; each line says what a call means. */
final class StateEndpoint extends StatehouseServiceGrpc.StatehouseServiceImplBase {
    private static final String SERVING = "ok";

    private final Calls calls;
    private final Services services;
    private final StateReads reads;
    private final ApiMapper api;
    private final HomeForwarding homes;
    private final ReplayStreams replays;
    private final VersionResponse version;

    StateEndpoint(Parts parts) {
        this.calls = parts.calls();
        this.services = parts.services();
        this.reads = parts.reads();
        this.api = parts.api();
        this.homes = parts.homes();
        this.replays = parts.replays();
        this.version = parts.version();
    }

    /** What the endpoint is made of. */
    record Parts(
            Calls calls,
            Services services,
            StateReads reads,
            ApiMapper api,
            HomeForwarding homes,
            ReplayStreams replays,
            VersionResponse version) {}

    /** Opens the stream of one replay. */
    @FunctionalInterface
    interface ReplayStreams {
        void start(
                ReplayRequest request,
                ServerCallStreamObserver<ReplayEvent> observer,
                CompletableFuture<HistoryCursor> opened);
    }

    @Override
    public void health(HealthRequest request, StreamObserver<HealthResponse> observer) {
        calls.answerNow(observer, () -> {
            services.health().requireReady();
            return HealthResponse.newBuilder().setStatus(SERVING).build();
        });
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> observer) {
        calls.answerNow(observer, () -> version);
    }

    @Override
    public void beginTransaction(BeginTransactionRequest request, StreamObserver<BeginTransactionResponse> observer) {
        calls.answerNow(
                observer,
                () -> BeginTransactionResponse.newBuilder()
                        .setTxnId(services.transactions()
                                .begin(
                                        Calls.caller(),
                                        ApiMapper.timeout(request),
                                        ApiMapper.origin(request.getOrigin()))
                                .value())
                        .build());
    }

    @Override
    public void write(WriteRequest request, StreamObserver<WriteResponse> observer) {
        var method = StatehouseServiceGrpc.getWriteMethod();
        atHome(observer, staged(method, request, request.getTxnId()), (caller, txnId) -> {
            var key = ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey());
            services.transactions().write(caller, txnId, key, api.value(request));
            return CompletableFuture.completedFuture(WriteResponse.getDefaultInstance());
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
        var method = StatehouseServiceGrpc.getDeleteMethod();
        atHome(observer, staged(method, request, request.getTxnId()), (caller, txnId) -> {
            var key = ApiMapper.key(request.getNamespace(), request.getAgentId(), request.getKey());
            services.transactions().delete(caller, txnId, key);
            return CompletableFuture.completedFuture(DeleteResponse.getDefaultInstance());
        });
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> observer) {
        if (request.hasTransaction()) {
            calls.answer(
                    observer,
                    () -> services.state()
                            .commit(Calls.caller(), api.transaction(request))
                            .thenApply(AnswerMapper::commit));
            return;
        }
        var method = StatehouseServiceGrpc.getCommitMethod();
        atHome(
                observer,
                staged(method, request, request.getTxnId()),
                (caller, txnId) -> services.transactions().commit(caller, txnId).thenApply(AnswerMapper::commit));
    }

    @Override
    public void abort(AbortRequest request, StreamObserver<AbortResponse> observer) {
        var method = StatehouseServiceGrpc.getAbortMethod();
        var call = staged(method, request, request.getTxnId());
        // Aborting anything is fine, even what cannot be reached: it runs out of time by itself.
        calls.answer(
                observer,
                () -> homes.atHome(Calls.caller(), call, () -> {
                            services.transactions().abort(Calls.caller(), new TxnId(request.getTxnId()));
                            return CompletableFuture.completedFuture(AbortResponse.getDefaultInstance());
                        })
                        .exceptionally(failure -> AbortResponse.getDefaultInstance()));
    }

    @Override
    public void getState(GetStateRequest request, StreamObserver<GetStateResponse> observer) {
        var method = StatehouseServiceGrpc.getGetStateMethod();
        var call = staged(method, request, request.getOptions().getTxnId());
        askHome(observer, call, (caller, txnId) -> reads.get(caller, request));
    }

    @Override
    public void getStateAtVersion(
            GetStateAtVersionRequest request, StreamObserver<GetStateAtVersionResponse> observer) {
        calls.answer(observer, () -> reads.getAtVersion(Calls.caller(), request));
    }

    @Override
    public void listKeys(ListKeysRequest request, StreamObserver<ListKeysResponse> observer) {
        var method = StatehouseServiceGrpc.getListKeysMethod();
        var call = staged(method, request, request.getOptions().getTxnId());
        askHome(observer, call, (caller, txnId) -> reads.listKeys(caller, request));
    }

    @Override
    public void scanPrefix(ScanPrefixRequest request, StreamObserver<ScanPrefixResponse> observer) {
        var method = StatehouseServiceGrpc.getScanPrefixMethod();
        var call = staged(method, request, request.getOptions().getTxnId());
        askHome(observer, call, (caller, txnId) -> reads.scan(caller, request));
    }

    @Override
    public void replay(ReplayRequest request, StreamObserver<ReplayEvent> observer) {
        var stream = (ServerCallStreamObserver<ReplayEvent>) observer;
        try {
            replays.start(request, stream, services.history().open(Calls.caller(), ApiMapper.history(request)));
        } catch (RuntimeException e) {
            observer.onError(StatusMapper.toStatus(e));
        }
    }

    @Override
    public void getTransaction(GetTransactionRequest request, StreamObserver<GetTransactionResponse> observer) {
        var method = StatehouseServiceGrpc.getGetTransactionMethod();
        askHome(
                observer,
                staged(method, request, request.getTxnId()),
                (caller, txnId) -> services.transactions().fate(caller, txnId).thenApply(AnswerMapper::fate));
    }

    @Override
    public void resolveTransaction(
            ResolveTransactionRequest request, StreamObserver<ResolveTransactionResponse> observer) {
        calls.answer(
                observer,
                () -> services.state()
                        .resolve(Calls.caller(), new TxnId(request.getTxnId()))
                        .thenApply(AnswerMapper::resolved));
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> observer) {
        calls.answer(observer, () -> reads.listAgents(Calls.caller(), request));
    }

    @Override
    public void listNamespaces(ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> observer) {
        calls.answer(observer, () -> reads.listNamespaces(Calls.caller(), request));
    }

    private static <Q extends Message, R> HomeForwarding.Staged<Q, R> staged(
            MethodDescriptor<Q, R> method, Q request, String txnId) {
        return new HomeForwarding.Staged<>(method, request, txnId);
    }

    private <Q extends Message, R extends Message> void atHome(
            StreamObserver<R> observer,
            HomeForwarding.Staged<Q, R> call,
            BiFunction<Caller, TxnId, CompletableFuture<R>> here) {
        calls.answer(observer, () -> {
            Caller caller = Calls.caller();
            return homes.atHome(caller, call, () -> here.apply(caller, new TxnId(call.txnId())));
        });
    }

    private <Q extends Message, R extends Message> void askHome(
            StreamObserver<R> observer,
            HomeForwarding.Staged<Q, R> call,
            BiFunction<Caller, TxnId, CompletableFuture<R>> here) {
        calls.answer(observer, () -> {
            Caller caller = Calls.caller();
            return homes.askHome(caller, call, () -> here.apply(caller, new TxnId(call.txnId())));
        });
    }
}
