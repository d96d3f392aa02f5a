package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The events of one replay or watch, carried on from node to node, never more of them than were asked for.
 *
 * <p>A stream that breaks is followed by one from the last commit_ts seen, without the events of that commit which were
 * delivered already: no gap, no duplicate. The sink is called by one thread at a time, since the next stream is opened
 * only after the last one has ended.
 */
final class EventFeed<Q, R> {
    /** How many events may be on their way; what a replay or watch holds in memory at most. */
    static final int WINDOW = 256;

    private static final int CHECKS_PER_TIMEOUT = 4;

    /** Takes the events of a stream, then its end or its failure; nothing after that. */
    interface Sink {
        void event(Event event);

        /** Everything up to this commit has been delivered or is not asked for. */
        default void passed(long commitTs) {}

        void end();

        void fail(StatehouseException failure);
    }

    private final Caller caller;
    private final Failover failover;
    private final Sink sink;
    private final long startNanos = System.nanoTime();

    // All guarded by this.
    private final FeedPosition<Q, R> position;
    private @Nullable ClientCall<Q, R> stream;
    private @Nullable SentOrNot sending;
    private long wanted;
    private int underWay;
    private int tries;
    private int rounds;
    private int hopsInRound;
    private long progressNanos = System.nanoTime();
    private @Nullable Long failingSinceNanos;
    private boolean isParked;
    private boolean ended;

    EventFeed(Caller caller, FeedPosition<Q, R> position, Sink sink) {
        this.caller = caller;
        this.failover = caller.failover();
        this.sink = sink;
        this.position = position;
    }

    void start() {
        failover.requireOpen();
        open();
        check();
    }

    /** Asks for more events. */
    synchronized void request(long events) {
        wanted = wanted + events < 0 ? Long.MAX_VALUE : wanted + events;
        if (isParked) {
            isParked = false;
            failover.after(Duration.ZERO, this::open);
        }
        pull();
    }

    /** Stops; the sink hears nothing more, save an event that is being delivered. */
    synchronized void cancel() {
        if (!ended) {
            ended = true;
            failover.reportEnd(name(), tries, since(startNanos), CallObserver.Outcome.OK);
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
                    .newCall(position.method(), CallOptions.DEFAULT.withStreamTracerFactory(listener.sending));
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

    private synchronized FeedPosition.Step accept(R message) {
        underWay--;
        progressNanos = System.nanoTime();
        if (ended) {
            return FeedPosition.Step.REPEATED;
        }
        FeedPosition.Step step = position.take(message);
        if (step instanceof FeedPosition.Step.Repeated) {
            return step;
        }
        failingSinceNanos = null;
        rounds = 0;
        if (step instanceof FeedPosition.Step.Deliver) {
            wanted--;
            hopsInRound = 0;
        }
        return step;
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
        if (isParkedNow()) {
            return;
        }
        Duration wait = nextWait(verdict.retryAfter());
        if (wait.isNegative()) {
            String why = name() + ": no more events within "
                    + caller.options().callTimeout().toMillis() + " ms, the last try at " + endpoint + ": "
                    + verdict.message();
            end(CallObserver.Outcome.UNAVAILABLE, () -> sink.fail(new StatehouseException.Unavailable(why, null)));
        } else if (wait.isZero()) {
            open();
        } else {
            failover.after(wait, this::open);
        }
    }

    // Nobody wants an event: the next stream waits until somebody does, or a slow reader would open one after another.
    private synchronized boolean isParkedNow() {
        isParked = wanted <= 0 && !failover.isClosed();
        return isParked;
    }

    private String name() {
        return String.valueOf(position.method().getBareMethodName());
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
        failover.reportEnd(name(), tries, since(startNanos), outcome);
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
    private final class Listener extends ClientCall.Listener<R> {
        private final Endpoint endpoint;
        private final SentOrNot sending = new SentOrNot();
        private final int attempt;
        private final long sinceNanos = System.nanoTime();

        private Listener(Endpoint endpoint, int attempt) {
            this.endpoint = endpoint;
            this.attempt = attempt;
        }

        @Override
        public void onMessage(R message) {
            FeedPosition.Step step = accept(message);
            if (step instanceof FeedPosition.Step.Deliver deliver) {
                sink.event(FromWire.event(deliver.event()));
            } else if (step instanceof FeedPosition.Step.Passed passed) {
                sink.passed(passed.commitTs());
            }
            pull();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk() && position.mayEnd()) {
                report(CallObserver.Outcome.OK, status);
                failover.leader().answered(endpoint);
                end(CallObserver.Outcome.OK, sink::end);
                return;
            }
            Status why = status.isOk() ? Status.UNAVAILABLE.withDescription("the stream ended") : status;
            Verdict verdict = Verdict.of(why, trailers, sending.isSent());
            report(verdict.outcome(), why);
            closed(endpoint, verdict);
        }

        private void report(CallObserver.Outcome outcome, Status status) {
            failover.report(new CallObserver.Try(
                    name(),
                    endpoint.toString(),
                    attempt,
                    since(sinceNanos),
                    outcome,
                    status.getCode().toString()));
        }
    }
}
