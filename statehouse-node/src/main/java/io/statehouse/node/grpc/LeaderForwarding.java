package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Fate;
import io.statehouse.node.service.PeerCalls;
import io.statehouse.proto.v1.AccessServiceGrpc;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.QuotaServiceGrpc;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.TransferLeadershipRequest;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;

/** Sends on to the leader what only it can do, by the same calls that clients use. One hop only. */
final class LeaderForwarding implements PeerCalls {
    private final PeerConnections peers;

    LeaderForwarding(PeerConnections peers) {
        this.peers = peers;
    }

    @Override
    public CompletableFuture<Reply.Committed> commit(Member leader, CommitTransaction transaction, Caller caller) {
        return call(leader, StatehouseServiceGrpc.getCommitMethod(), request(transaction), caller)
                .thenApply(LeaderForwarding::committed);
    }

    @Override
    public CompletableFuture<Fate> resolve(Member leader, TxnId id, Caller caller) {
        ResolveTransactionRequest request =
                ResolveTransactionRequest.newBuilder().setTxnId(id.value()).build();
        return call(leader, StatehouseServiceGrpc.getResolveTransactionMethod(), request, caller)
                .thenApply(LeaderForwarding::fate);
    }

    @Override
    public CompletableFuture<Void> setRetention(Member leader, SetRetention set, Caller caller) {
        return call(leader, HistoryServiceGrpc.getSetRetentionMethod(), RetentionMapper.request(set), caller)
                .thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Void> setQuota(Member leader, SetQuota set, Caller caller) {
        return call(leader, QuotaServiceGrpc.getSetQuotaMethod(), QuotaEndpoint.request(set), caller)
                .thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<String> transferLeadership(Member leader, String memberId, Caller caller) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setNodeId(memberId).build();
        return call(leader, ClusterServiceGrpc.getTransferLeadershipMethod(), request, caller)
                .thenApply(TransferLeadershipResponse::getLeaderId);
    }

    @Override
    public CompletableFuture<Void> changeMembers(Member leader, MembershipChange change, Caller caller) {
        return call(leader, ClusterServiceGrpc.getChangeMembersMethod(), MembershipMapper.request(change), caller)
                .thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Void> changeTokens(Member leader, Command command, Caller caller) {
        return command instanceof CreateToken create
                ? call(leader, AccessServiceGrpc.getCreateTokenMethod(), AccessMapper.request(create), caller)
                        .thenAccept(done -> {})
                : call(
                                leader,
                                AccessServiceGrpc.getRevokeTokenMethod(),
                                AccessMapper.request((RevokeToken) command),
                                caller)
                        .thenAccept(done -> {});
    }

    private <Q extends Message, R> CompletableFuture<R> call(
            Member leader, MethodDescriptor<Q, R> method, Q request, Caller caller) {
        return peers.call(new PeerConnections.Way(leader, Calls.TO_LEADER), method, request, caller)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(told(PeerConnections.unwrap(failure))));
    }

    private static Throwable told(Throwable failure) {
        return failure instanceof PeerConnections.PeerLost lost ? lost.told() : failure;
    }

    private static CommitRequest request(CommitTransaction command) {
        Transaction.Builder transaction = Transaction.newBuilder().setOrigin(EventMapper.origin(command.origin()));
        command.operations().forEach(operation -> transaction.addOperations(operation(operation)));
        command.conditions().forEach(condition -> transaction.addConditions(condition(condition)));
        command.readSet().forEach(read -> transaction.addReadSet(EventMapper.readRecord(read)));
        return CommitRequest.newBuilder()
                .setTxnId(command.txnId().value())
                .setTransaction(transaction)
                .build();
    }

    private static TransactionOperation operation(Operation operation) {
        TransactionOperation.Builder message = TransactionOperation.newBuilder()
                .setNamespace(operation.key().agent().namespace())
                .setAgentId(operation.key().agent().id())
                .setKey(operation.key().name());
        return switch (operation) {
            case Operation.Put put ->
                lasting(put.lifetime(), message.setJson(AnswerMapper.bytes(put.value())))
                        .build();
            case Operation.Append append ->
                lasting(append.lifetime(), message.setAppend(AnswerMapper.bytes(append.value())))
                        .build();
            case Operation.Edit edit -> operation(edit, message).build();
            case Operation.Delete delete ->
                message.setDelete(DeleteKey.getDefaultInstance()).build();
        };
    }

    private static TransactionOperation.Builder operation(Operation.Edit edit, TransactionOperation.Builder message) {
        ByteString argument = AnswerMapper.bytes(edit.argument());
        return switch (edit.change()) {
            case ADD -> message.setAdd(argument);
            case MERGE_PATCH -> message.setMergePatch(argument);
            case JSON_PATCH -> message.setJsonPatch(argument);
        };
    }

    private static TransactionOperation.Builder lasting(Lifetime lifetime, TransactionOperation.Builder message) {
        return switch (lifetime) {
            case Lifetime.Unbounded unbounded -> message;
            case Lifetime.Lasting lasting -> message.setTtlMs(lasting.millis());
            case Lifetime.Until until -> message.setExpiresMs(until.wallMillis());
        };
    }

    private static io.statehouse.proto.v1.Condition condition(Condition condition) {
        io.statehouse.proto.v1.Condition.Builder message = io.statehouse.proto.v1.Condition.newBuilder()
                .setNamespace(condition.key().agent().namespace())
                .setAgentId(condition.key().agent().id())
                .setKey(condition.key().name());
        return switch (condition) {
            case Condition.VersionEquals equals ->
                message.setVersionEquals(equals.version()).build();
            case Condition.Exists exists -> message.setExists(true).build();
            case Condition.Absent absent -> message.setExists(false).build();
            case Condition.UnchangedSince since ->
                message.setUnchangedSince(since.commitTs().value()).build();
            case Condition.AgentUnchangedSince since ->
                message.setAgentUnchangedSince(since.commitTs().value()).build();
        };
    }

    private static Reply.Committed committed(CommitResponse response) {
        return new Reply.Committed(
                new CommitTs(response.getCommitTs()),
                response.getWallTimeMs(),
                response.getVersionsList(),
                response.getReplayed());
    }

    private static Fate fate(ResolveTransactionResponse response) {
        return switch (response.getStatus()) {
            case TRANSACTION_STATUS_COMMITTED ->
                new Fate.Committed(new Reply.Committed(
                        new CommitTs(response.getCommitTs()),
                        response.getWallTimeMs(),
                        response.getVersionsList(),
                        true));
            case TRANSACTION_STATUS_ABORTED -> new Fate.Aborted();
            case TRANSACTION_STATUS_REFUSED -> new Fate.Refused(StatusMapper.fromError(response.getRefusal()));
            case TRANSACTION_STATUS_STAGED -> new Fate.Staged();
            case TRANSACTION_STATUS_UNKNOWN, UNRECOGNIZED -> new Fate.Unknown();
        };
    }
}
