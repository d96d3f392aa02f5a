package io.statehouse.node.grpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.node.service.StagedTxnId;
import io.statehouse.node.service.TransactionService;
import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.TxnId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends a staged transaction's verbs to the node it lives on. If that cannot be reached, the transaction is ended for good,
 * so that the error it gets is definite.
 */
final class HomeForwarding {
    private final ReplicatedLog log;
    private final PeerConnections peers;
    private final TransactionService transactions;

    HomeForwarding(ReplicatedLog log, PeerConnections peers, TransactionService transactions) {
        this.log = log;
        this.peers = peers;
        this.transactions = transactions;
    }

    /** A call about a staged transaction: the method and its request, as they came. */
    record Staged<Q extends Message, R>(MethodDescriptor<Q, R> method, Q request, String txnId) {}

    /** Does the call here if the transaction lives here, or nowhere; else where it lives. */
    <Q extends Message, R> CompletableFuture<R> atHome(
            Caller caller, Staged<Q, R> call, Supplier<CompletableFuture<R>> here) {
        return atHome(caller, call, here, this::lose);
    }

    /** The same for a call that only asks, and must not end what it asks about. */
    <Q extends Message, R> CompletableFuture<R> askHome(
            Caller caller, Staged<Q, R> call, Supplier<CompletableFuture<R>> here) {
        return atHome(
                caller,
                call,
                here,
                (asking, id, lost) -> CompletableFuture.completedFuture(
                        Refusals.notReady("the transaction lives elsewhere: " + lost.getMessage())));
    }

    /** What a caller is told when the home of its transaction did not answer. */
    @FunctionalInterface
    private interface WhenLost {
        CompletableFuture<ServiceException> tell(Caller caller, TxnId id, PeerConnections.PeerLost lost);
    }

    private <Q extends Message, R> CompletableFuture<R> atHome(
            Caller caller, Staged<Q, R> call, Supplier<CompletableFuture<R>> here, WhenLost whenLost) {
        Member home = caller.mayGoHome() ? homeOf(call.txnId()) : null;
        if (home == null) {
            return here.get();
        }
        return peers.call(new PeerConnections.Way(home, Calls.TO_HOME), call.method(), call.request(), caller)
                .exceptionallyCompose(failure -> {
                    Throwable cause = PeerConnections.unwrap(failure);
                    return cause instanceof PeerConnections.PeerLost lost
                            ? whenLost.tell(caller, new TxnId(call.txnId()), lost)
                                    .thenCompose(CompletableFuture::failedFuture)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private CompletableFuture<ServiceException> lose(Caller caller, TxnId id, PeerConnections.PeerLost lost) {
        return lost.isLate()
                ? CompletableFuture.completedFuture(lost.told())
                // That nothing came of settling it says nothing of the call that was lost.
                : CompletableFuture.completedFuture(lost.peer().id())
                        .thenCompose(home -> transactions.loseHome(caller, id, home))
                        .exceptionally(failure -> lost.told());
    }

    /** The other node on which a transaction lives; null when it lives here or its home is no member. */
    private @Nullable Member homeOf(String txnId) {
        String home = StagedTxnId.homeOf(txnId);
        ClusterView cluster = log.cluster();
        if (home == null || home.equals(cluster.self().id())) {
            return null;
        }
        return Stream.concat(cluster.voters().stream(), cluster.listeners().stream())
                .filter(member -> member.id().equals(home))
                .findFirst()
                .orElse(null);
    }
}
