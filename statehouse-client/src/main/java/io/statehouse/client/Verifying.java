package io.statehouse.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.proto.v1.VerifyVerdict;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One proof of one node's store. Another node has another store, so this call goes nowhere else. */
final class Verifying {
    private static final HexFormat HEX = HexFormat.of();

    /** One message is asked for at a time, and one end comes. */
    private static final int SIGNALS_MAX = 2;

    private final Caller caller;
    private final Endpoint endpoint;
    private final BlockingQueue<Signal> arrived = new ArrayBlockingQueue<>(SIGNALS_MAX);

    Verifying(Caller caller, Endpoint endpoint) {
        this.caller = caller;
        this.endpoint = endpoint;
    }

    private record Signal(@Nullable VerifyResponse message, Status status, Metadata trailers) {}

    VerifyResult run(VerifyRequest request, BiConsumer<Long, Long> progress) {
        caller.failover().requireOpen();
        ClientCall<VerifyRequest, VerifyResponse> call = caller.failover()
                .connections()
                .to(endpoint)
                .newCall(HistoryServiceGrpc.getVerifyMethod(), CallOptions.DEFAULT);
        try {
            call.start(new Listener(), new Metadata());
            call.sendMessage(request);
            call.halfClose();
            while (true) {
                call.request(1);
                VerifyResponse message = take();
                progress.accept(message.getVerifiedTs(), message.getTargetTs());
                if (message.hasVerdict()) {
                    return result(message.getVerifiedTs(), message.getVerdict());
                }
            }
        } finally {
            call.cancel("no more is wanted", null);
        }
    }

    private VerifyResponse take() {
        Duration patience = caller.options().streamIdleTimeout();
        try {
            Signal signal = arrived.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                throw new StatehouseException.Unavailable(
                        "Verify: " + endpoint + " said nothing for " + patience.toMillis() + " ms", null);
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

    private StatehouseException failure(Signal signal) {
        Verdict verdict = Verdict.of(signal.status(), signal.trailers(), true);
        return switch (verdict.kind()) {
            case DECIDED, REFUSED -> verdict.refusal(null);
            case NOT_LEADER, NOT_READY, OVERLOADED, NOT_SENT, IN_DOUBT ->
                new StatehouseException.Unavailable("Verify: " + endpoint + ": " + verdict.message(), null);
        };
    }

    private static VerifyResult result(long verifiedTs, VerifyVerdict verdict) {
        return new VerifyResult(
                verdict.getIntact(),
                verifiedTs,
                verdict.getFirstBadTs(),
                verdict.getReason(),
                HEX.formatHex(verdict.getChainHash().toByteArray()),
                HEX.formatHex(verdict.getDigest().toByteArray()));
    }

    /** Hands on what comes to the thread that waits. */
    private final class Listener extends ClientCall.Listener<VerifyResponse> {
        @Override
        public void onMessage(VerifyResponse message) {
            arrived.add(new Signal(message, Status.OK, new Metadata()));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            boolean unused = arrived.offer(new Signal(null, status, trailers));
        }
    }
}
