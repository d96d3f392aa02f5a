package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call on its way through its tries. Its tries follow each other: no two are under way at once. */
final class RunningCall<Q, R> {
    static final Metadata.Key<String> NO_FORWARD =
            Metadata.Key.of("statehouse-no-forward", Metadata.ASCII_STRING_MARSHALLER);

    private static final ClientInterceptor ASK_FOR_HINTS = askForHints();

    private final Failover failover;
    private final Call<Q, R> call;
    private final Duration timeout;
    private final Duration tryTimeout;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();

    // Written by one try after the other; a try's end happens before the next one's start.
    private int tries;
    private int rounds;
    private int hopsInRound;
    private boolean inDoubt;
    private boolean hintFailed;
    private @Nullable Verdict last;
    private @Nullable Endpoint lastTried;
    private volatile @Nullable ClientCall<Q, R> current;

    RunningCall(Failover failover, Call<Q, R> call, Duration timeout, Duration tryTimeout) {
        this.failover = failover;
        this.call = call;
        this.timeout = timeout;
        this.tryTimeout = tryTimeout;
    }

    CompletableFuture<R> result() {
        return result;
    }

    void start() {
        var unused = result.whenComplete((answer, failure) -> {
            ClientCall<Q, R> running = current;
            if (failure instanceof CancellationException) {
                reportEnd(inDoubt ? CallObserver.Outcome.UNKNOWN : CallObserver.Outcome.UNAVAILABLE);
                if (running != null) {
                    running.cancel("the caller cancelled", failure);
                }
            }
        });
        tryNext();
    }

    private void tryNext() {
        Duration left = left();
        if (result.isDone()) {
            return;
        }
        if (failover.isClosed()) {
            giveUp("the client was closed");
        } else if (left.isNegative() || left.isZero()) {
            giveUp("no answer within " + timeout.toMillis() + " ms");
        } else if (tries >= failover.retry().triesMax()) {
            giveUp("no answer after " + tries + " tries");
        } else {
            tryOnce(left.compareTo(tryTimeout) < 0 ? left : tryTimeout);
        }
    }

    private void tryOnce(Duration time) {
        tries++;
        boolean askForHints = call.route() == Call.Route.LEADER
                && !hintFailed
                && failover.leader().mayFollowHints();
        Endpoint endpoint = pick();
        lastTried = endpoint;
        var attempt = new Attempt(endpoint, askForHints);
        Call.Shortcut<Q, R> shortcut = call.shortcut();
        CallOptions options = CallOptions.DEFAULT
                .withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS)
                .withStreamTracerFactory(attempt.sending);
        try {
            // What only a leader may do goes that way to one that says who leads, and not to a member that forwards.
            boolean mayShorten = askForHints || call.route() != Call.Route.LEADER;
            if (mayShorten && shortcut != null && shortcut.take(endpoint, call.request(), time, attempt)) {
                return;
            }
            Channel channel = failover.connections().to(endpoint);
            if (askForHints) {
                channel = ClientInterceptors.intercept(channel, ASK_FOR_HINTS);
            }
            ClientCall<Q, R> running = channel.newCall(call.method(), options);
            current = running;
            ClientCalls.asyncUnaryCall(running, call.request(), attempt);
        } catch (IllegalStateException e) {
            attempt.onError(Status.UNAVAILABLE
                    .withDescription(e.getMessage())
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    private Endpoint pick() {
        Endpoint only = call.only();
        if (only != null) {
            return only;
        }
        return call.route() == Call.Route.ANYONE || hintFailed
                ? failover.leader().anyone()
                : failover.leader().likelyLeader();
    }

    private void succeed(Endpoint endpoint, boolean asLeader, R answer) {
        if (result.isDone()) {
            return;
        }
        failover.leader().answered(endpoint);
        if (asLeader) {
            failover.leader().leads(endpoint);
        }
        reportEnd(CallObserver.Outcome.OK);
        result.complete(answer);
    }

    private void failed(Endpoint endpoint, Verdict verdict) {
        last = verdict;
        switch (verdict.kind()) {
            case DECIDED -> end(verdict.refusal(null));
            case REFUSED -> refuse(verdict);
            case NOT_LEADER -> {
                follow(endpoint, verdict.hint());
                tryElsewhere(verdict);
            }
            case NOT_READY, OVERLOADED -> {
                failover.leader().leadsNot(endpoint);
                tryElsewhere(verdict);
            }
            case NOT_SENT, IN_DOUBT -> {
                lose(endpoint);
                doubt(verdict);
            }
        }
    }

    private void refuse(Verdict verdict) {
        if (inDoubt) {
            // This try was refused, and an earlier one may have been applied all the same.
            end(outcomeUnknown("refused on a later try (" + verdict.message() + ")"));
        } else {
            end(verdict.refusal(null));
        }
    }

    private void follow(Endpoint endpoint, @Nullable Endpoint hint) {
        if (hint == null || hint.equals(endpoint)) {
            failover.leader().leadsNot(endpoint);
        } else {
            failover.leader().leads(hint);
        }
    }

    private void lose(Endpoint endpoint) {
        if (call.only() == null && failover.leader().failed(endpoint)) {
            hintFailed = true;
            failover.connections().drop(endpoint);
        }
    }

    private void doubt(Verdict verdict) {
        if (verdict.kind() == Verdict.Kind.IN_DOUBT) {
            if (call.repeating() == Call.Repeating.ONCE) {
                giveUp("sent, and not repeated because it might be done twice");
                return;
            }
            inDoubt = call.repeating() == Call.Repeating.KEYED;
        }
        tryElsewhere(verdict);
    }

    // Every endpoint may be asked once in a round without waiting; then the round is over and the wait grows.
    private void tryElsewhere(Verdict verdict) {
        hopsInRound++;
        Duration asked = verdict.retryAfter();
        // One more than there are endpoints: a client that knows one node follows its hint without waiting.
        int hopsMax = call.only() == null ? failover.leader().size() + 1 : 1;
        if (hopsInRound < hopsMax && asked.isZero()) {
            tryNext();
            return;
        }
        hopsInRound = 0;
        // What a server asks for is the same for all; the drawn part keeps them from coming back together.
        Duration wait = asked.plus(failover.delay(rounds++));
        Duration left = left();
        failover.after(wait.compareTo(left) < 0 ? wait : left, this::tryNext);
    }

    private void giveUp(String why) {
        end(inDoubt ? outcomeUnknown(why) : new StatehouseException.Unavailable(told(why), null));
    }

    private StatehouseException outcomeUnknown(String why) {
        return new StatehouseException.OutcomeUnknown(String.valueOf(call.transactionId()), told(why), null);
    }

    private String told(String why) {
        return call.name() + ": " + why + " (" + tries + " tries"
                + (last == null ? "" : ", the last at " + lastTried + ": " + last.message()) + ")";
    }

    private void end(StatehouseException failure) {
        reportEnd(
                failure instanceof StatehouseException.Refused
                        ? CallObserver.Outcome.REFUSED
                        : inDoubt ? CallObserver.Outcome.UNKNOWN : CallObserver.Outcome.UNAVAILABLE);
        result.completeExceptionally(failure);
    }

    private void reportEnd(CallObserver.Outcome outcome) {
        failover.reportEnd(call.name(), tries, since(startNanos), outcome);
    }

    private Duration left() {
        return timeout.minus(since(startNanos));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static ClientInterceptor askForHints() {
        var headers = new Metadata();
        headers.put(NO_FORWARD, "1");
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Hears how one try ends, exactly once. */
    private final class Attempt implements StreamObserver<R>, Call.Hearer<R> {
        private final Endpoint endpoint;
        private final boolean asLeader;
        private final SentOrNot sending = new SentOrNot();
        private final long sinceNanos = System.nanoTime();
        private @Nullable R answer;

        private Attempt(Endpoint endpoint, boolean asLeader) {
            this.endpoint = endpoint;
            this.asLeader = asLeader;
        }

        @Override
        public void onNext(R value) {
            answer = value;
        }

        @Override
        public void onCompleted() {
            R value = answer;
            if (value == null) {
                onError(Status.INTERNAL
                        .withDescription("an answer without a message")
                        .asRuntimeException());
                return;
            }
            answered(value);
        }

        @Override
        public void onError(Throwable failure) {
            failed(Verdict.of(Status.fromThrowable(failure), Status.trailersFromThrowable(failure), sending.isSent()));
        }

        @Override
        public void answered(R value) {
            report(CallObserver.Outcome.OK, Status.Code.OK);
            succeed(endpoint, asLeader, value);
        }

        @Override
        public void failed(Verdict verdict) {
            report(verdict.outcome(), verdict.status());
            RunningCall.this.failed(endpoint, verdict);
        }

        private void report(CallObserver.Outcome outcome, Status.Code status) {
            failover.report(new CallObserver.Try(
                    call.name(), endpoint.toString(), tries, since(sinceNanos), outcome, status.toString()));
        }
    }
}
