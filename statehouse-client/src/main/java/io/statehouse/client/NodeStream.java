package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one node, taken one after another. What the node speaks of is its own, so the call goes nowhere else, and
 * the node is no faster than the one who takes. Close it.
 */
final class NodeStream<Q, R> implements AutoCloseable {
    private final String name;
    private final Endpoint endpoint;
    private final ClientCall<Q, R> call;
    private final int ahead;

    /** Never holds more than was asked for, and the end. */
    private final BlockingQueue<Signal<R>> arrived = new LinkedBlockingQueue<>();

    private boolean isBegun;

    /** @param ahead how many messages may be on their way */
    NodeStream(Caller caller, Endpoint endpoint, MethodDescriptor<Q, R> method, int ahead) {
        caller.failover().requireOpen();
        this.name = String.valueOf(method.getBareMethodName());
        this.endpoint = endpoint;
        this.ahead = ahead;
        this.call = caller.failover().connections().to(endpoint).newCall(method, CallOptions.DEFAULT);
    }

    private record Signal<R>(@Nullable R message, Status status, Metadata trailers) {}

    void start(Q request) {
        call.start(new Listener(), new Metadata());
        call.sendMessage(request);
        call.halfClose();
        call.request(ahead);
    }

    /**
     * Waits for the next message.
     *
     * @throws StatehouseException if the node refuses, stops, or says nothing for too long
     */
    R take(Duration patience) {
        if (isBegun) {
            call.request(1);
        }
        isBegun = true;
        try {
            Signal<R> signal = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                throw new StatehouseException.Unavailable(
                        name + ": " + endpoint + " said nothing for " + patience.toMillis() + " ms", null);
            }
            if (signal.message() == null) {
                throw failure(signal);
            }
            return signal.message();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StatehouseException.Unavailable("interrupted while waiting for an answer", e);
        }
    }

    private StatehouseException failure(Signal<R> signal) {
        if (signal.status().isOk()) {
            return new StatehouseException.Unavailable(name + ": " + endpoint + " ended before it had said all", null);
        }
        Verdict verdict = Verdict.of(signal.status(), signal.trailers(), true);
        return switch (verdict.kind()) {
            case DECIDED, REFUSED -> verdict.refusal(null);
            case NOT_LEADER, NOT_READY, OVERLOADED, NOT_SENT, IN_DOUBT ->
                new StatehouseException.Unavailable(name + ": " + endpoint + ": " + verdict.message(), null);
        };
    }

    @Override
    public void close() {
        call.cancel("no more is wanted", null);
    }

    /** Hands on what comes to the thread that waits. */
    private final class Listener extends ClientCall.Listener<R> {
        @Override
        public void onMessage(R message) {
            arrived.add(new Signal<>(message, Status.OK, new Metadata()));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            arrived.add(new Signal<>(null, status, trailers));
        }
    }
}
