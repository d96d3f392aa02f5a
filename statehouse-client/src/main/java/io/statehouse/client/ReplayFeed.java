package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The events of one replay, carried on from node to node, never more of them than were asked for.
 *
 * <p>A stream that breaks is followed by one from the last commit_ts seen, without the events of that commit which were
 * delivered already: no gap, no duplicate. The sink is called by one thread at a time, since the next stream is opened
 * only after the last one has ended.
 */
final class ReplayFeed {
    /** How many events may be on their way; what a replay holds in memory at most. */
    static final int WINDOW = 256;

    private static final int CHECKS_PER_TIMEOUT = 4;

    /** Takes the events of a replay, then its end or its failure; nothing after that. */
    interface Sink {
        void event(Event event);

        void end();

        void fail(StatehouseException failure);
    }

    private final Caller caller;
    private final Failover failover;
    private final Sink sink;
    private final long startNanos = System.nanoTime();

    // All guarded by this.
    private final ReplayPosition position;
    private @Nullable ClientCall<ReplayRequest, ReplayEvent> stream;
    private @Nullable SentOrNot sending;
    private long wanted;
    private int underWay;
    private int tries;
    private int rounds;
    private int hopsInRound;
    private long progressNanos = System.nanoTime();
    private @Nullable Long failingSinceNanos;
    private boolean ended;

    ReplayFeed(Caller caller, ReplayRequest request, Sink sink) {
        this.caller = caller;
        this.failover = caller.failover();
        this.sink = sink;
        this.position = new ReplayPosition(request);
    }

    void start() {
        failover.requireOpen();
        open();
        check();
    }

    /** Asks for more events. */
    synchronized void request(long events) {
        wanted = wanted + events < 0 ? Long.MAX_VALUE : wanted + events;
        pull();
    }

    /** Stops; the sink hears nothing more, save an event that is being delivered. */
    synchronized void cancel() {
        if (!ended) {
            ended = true;
            failover.reportEnd("Replay", tries, since(startNanos), CallObserver.Outcome.OK);
        }
        if (stream != null) {
            stream.cancel("the caller stopped reading", null);
        }
    }

    private synchronized void open() {
        if (ended) {
            return;
        }
        tries++;
        underWay = 0;
        progressNanos = System.nanoTime();
        Endpoint endpoint = failover.leader().anyone();
        var listener = new Listener(endpoint, tries);
        sending = listener.sending;
        try {
            var next = failover.connections()
                    .to(endpoint)
                    .newCall(
                            StatehouseServiceGrpc.getReplayMethod(),
                            CallOptions.DEFAULT.withStreamTracerFactory(listener.sending));
            stream = next;
            next.start(listener, new Metadata());
            next.sendMessage(position.next());
            next.halfClose();
            pull();
        } catch (IllegalStateException e) {
            stream = null;
            Status closed = Status.UNAVAILABLE.withDescription(e.getMessage());
            failover.after(Duration.ZERO, () -> listener.onClose(closed, new Metadata()));
        }
    }

    private synchronized void pull() {
        long more = Math.min(wanted - underWay, WINDOW - underWay);
        if (stream != null && !ended && more > 0) {
            // Silence counts from the moment something was asked for.
            progressNanos = underWay == 0 ? System.nanoTime() : progressNanos;
            underWay += (int) more;
            stream.request((int) more);
        }
    }

    private synchronized boolean accept(ReplayEvent event) {
        underWay--;
        progressNanos = System.nanoTime();
        if (ended) {
            return false;
        }
        boolean isNew = position.advance(event);
        if (isNew) {
            wanted--;
            failingSinceNanos = null;
            rounds = 0;
            hopsInRound = 0;
        }
        return isNew;
    }

    private void closed(Endpoint endpoint, Verdict verdict) {
        switch (verdict.kind()) {
            case DECIDED, REFUSED -> end(CallObserver.Outcome.REFUSED, () -> sink.fail(verdict.refusal(null)));
            case NOT_LEADER, NOT_READY, OVERLOADED -> goOn(endpoint, verdict);
            case NOT_SENT, IN_DOUBT -> {
                failover.leader().failed(endpoint);
                goOn(endpoint, verdict);
            }
        }
    }

    private void goOn(Endpoint endpoint, Verdict verdict) {
        Duration wait = nextWait(verdict.retryAfter());
        if (wait.isNegative()) {
            String why = "Replay: no more events within "
                    + caller.options().callTimeout().toMillis() + " ms, the last try at " + endpoint + ": "
                    + verdict.message();
            end(CallObserver.Outcome.UNAVAILABLE, () -> sink.fail(new StatehouseException.Unavailable(why, null)));
        } else if (wait.isZero()) {
            open();
        } else {
            failover.after(wait, this::open);
        }
    }

    // As for unary calls: every endpoint once without waiting, then longer and longer waits. Negative = time is up.
    private synchronized Duration nextWait(Duration asked) {
        if (failingSinceNanos == null) {
            failingSinceNanos = System.nanoTime();
        }
        boolean isTimeUp = since(failingSinceNanos).compareTo(caller.options().callTimeout()) >= 0;
        if (failover.isClosed() || isTimeUp || rounds >= failover.retry().triesMax()) {
            return Duration.ofNanos(-1);
        }
        hopsInRound++;
        if (hopsInRound < failover.leader().size() && asked.isZero()) {
            return Duration.ZERO;
        }
        hopsInRound = 0;
        return asked.plus(failover.delay(rounds++));
    }

    private void end(CallObserver.Outcome outcome, Runnable last) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        failover.reportEnd("Replay", tries, since(startNanos), outcome);
        last.run();
    }

    // Looks from time to time whether the node still speaks; a silent one is left, and the stream's end opens the next.
    private synchronized void check() {
        if (ended || failover.isClosed()) {
            return;
        }
        boolean isSent = sending != null && sending.isSent();
        Duration patience =
                isSent ? caller.options().streamIdleTimeout() : caller.options().tryTimeout();
        if (stream != null && underWay > 0 && since(progressNanos).compareTo(patience) >= 0) {
            progressNanos = System.nanoTime();
            stream.cancel("silent for " + patience.toMillis() + " ms", null);
        }
        failover.after(patience.dividedBy(CHECKS_PER_TIMEOUT), this::check);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** Hears one stream. */
    private final class Listener extends ClientCall.Listener<ReplayEvent> {
        private final Endpoint endpoint;
        private final SentOrNot sending = new SentOrNot();
        private final int attempt;
        private final long sinceNanos = System.nanoTime();

        private Listener(Endpoint endpoint, int attempt) {
            this.endpoint = endpoint;
            this.attempt = attempt;
        }

        @Override
        public void onMessage(ReplayEvent event) {
            if (accept(event)) {
                sink.event(FromWire.event(event));
            }
            pull();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                report(CallObserver.Outcome.OK, status);
                failover.leader().answered(endpoint);
                end(CallObserver.Outcome.OK, sink::end);
                return;
            }
            Verdict verdict = Verdict.of(status, trailers, sending.isSent());
            report(verdict.outcome(), status);
            closed(endpoint, verdict);
        }

        private void report(CallObserver.Outcome outcome, Status status) {
            failover.report(new CallObserver.Try(
                    "Replay",
                    endpoint.toString(),
                    attempt,
                    since(sinceNanos),
                    outcome,
                    status.getCode().toString()));
        }
    }
}
