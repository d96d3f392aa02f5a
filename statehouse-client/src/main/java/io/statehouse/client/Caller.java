package io.statehouse.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts requests into calls with the patience of its options, and waits for answers. */
final class Caller {
    private final Failover failover;
    private final ClientOptions options;

    Caller(Failover failover, ClientOptions options) {
        this.failover = failover;
        this.options = options;
    }

    ClientOptions options() {
        return options;
    }

    Failover failover() {
        return failover;
    }

    /** Asks something as fresh as {@code how} says: the leader where that saves a hop, anyone otherwise. */
    <Q, R> CompletableFuture<R> read(MethodDescriptor<Q, R> method, Q request, Read how) {
        return start(Call.of(method, request, Call.Repeating.READ, routeOf(how)));
    }

    /** Asks something of one endpoint, or of the likely leader. */
    <Q, R> CompletableFuture<R> ask(MethodDescriptor<Q, R> method, Q request, @Nullable Endpoint only) {
        return start(Call.of(method, request, Call.Repeating.READ, Call.Route.LIKELY_LEADER)
                .onlyTo(only));
    }

    /** Commits under a transaction id, with others that are under way where there are some. */
    CompletableFuture<CommitResponse> commit(CommitRequest request, String transactionId) {
        var call = Call.of(StatehouseServiceGrpc.getCommitMethod(), request, Call.Repeating.KEYED, Call.Route.LEADER);
        return start(call.named(transactionId), failover.commits());
    }

    /** Reads one key, with others that are under way where there are some. */
    CompletableFuture<GetStateResponse> get(GetStateRequest request, Read how) {
        var call = Call.of(StatehouseServiceGrpc.getGetStateMethod(), request, Call.Repeating.READ, routeOf(how));
        boolean mayGoTogether = how.equals(Read.linearizable());
        return mayGoTogether ? start(call, failover.reads()) : start(call);
    }

    private <Q extends MessageLite, R> CompletableFuture<R> start(Call<Q, R> call, Pipes<Q, R, ?, ?> pipes) {
        pipes.began();
        var answer = start(call.by(pipes));
        var unused = answer.whenComplete((response, failure) -> pipes.ended());
        return answer;
    }

    /** Changes something under a transaction id. */
    <Q, R> CompletableFuture<R> write(MethodDescriptor<Q, R> method, Q request, String transactionId) {
        return start(Call.of(method, request, Call.Repeating.KEYED, Call.Route.LEADER)
                .named(transactionId));
    }

    /** Changes something that has no transaction id. */
    <Q, R> CompletableFuture<R> change(MethodDescriptor<Q, R> method, Q request, boolean atMostOnce) {
        var repeating = atMostOnce ? Call.Repeating.ONCE : Call.Repeating.READ;
        return start(Call.of(method, request, repeating, Call.Route.LEADER));
    }

    private <Q, R> CompletableFuture<R> start(Call<Q, R> call) {
        return failover.start(call, options.callTimeout(), options.tryTimeout());
    }

    /** The answer in another form. Unlike {@code thenApply}: cancelling it ends the call, and failures stay unwrapped. */
    static <A, B> CompletableFuture<B> map(CompletableFuture<A> answer, Function<A, B> form) {
        var mapped = new CompletableFuture<B>();
        var unusedForm = answer.whenComplete((value, failure) -> {
            if (failure != null) {
                mapped.completeExceptionally(failure);
                return;
            }
            try {
                mapped.complete(form.apply(value));
            } catch (RuntimeException e) {
                mapped.completeExceptionally(e);
            }
        });
        var unusedCancel = mapped.whenComplete((value, failure) -> {
            if (mapped.isCancelled()) {
                answer.cancel(true);
            }
        });
        return mapped;
    }

    static Call.Route routeOf(Read how) {
        return how.freshness() == Read.Freshness.LINEARIZABLE ? Call.Route.LIKELY_LEADER : Call.Route.ANYONE;
    }

    /** Waits for an answer that changes nothing. */
    <T> T await(CompletableFuture<T> answer) {
        return await(answer, null);
    }

    /** Waits for an answer; an interrupted wait leaves a write in doubt. */
    <T> T await(CompletableFuture<T> answer, @Nullable String transactionId) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            if (transactionId == null) {
                throw new StatehouseException.Unavailable("interrupted while waiting for an answer", e);
            }
            throw new StatehouseException.OutcomeUnknown(transactionId, "interrupted while waiting for an answer", e);
        }
    }

    // The stack of the caller is worth more than that of the thread which heard the answer; both are kept.
    private static RuntimeException rethrown(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StatehouseException known) {
            known.addSuppressed(new CallSite());
            return known;
        }
        return new IllegalStateException("a call ended in a way it must not", cause);
    }

    /** Where the caller waited. */
    private static final class CallSite extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CallSite() {
            super("awaited here");
        }
    }
}
