package io.statehouse.client;

import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.proto.v1.VerifyVerdict;
import java.util.HexFormat;
import java.util.function.BiConsumer;

/** One proof of one node's store. */
final class Verifying {
    private static final HexFormat HEX = HexFormat.of();
    private static final int AHEAD = 1;

    private final Caller caller;
    private final Endpoint endpoint;

    Verifying(Caller caller, Endpoint endpoint) {
        this.caller = caller;
        this.endpoint = endpoint;
    }

    VerifyResult run(VerifyRequest request, BiConsumer<Long, Long> progress) {
        try (var stream = new NodeStream<>(caller, endpoint, HistoryServiceGrpc.getVerifyMethod(), AHEAD)) {
            stream.start(request);
            while (true) {
                VerifyResponse message = stream.take(caller.options().streamIdleTimeout());
                progress.accept(message.getVerifiedTs(), message.getTargetTs());
                if (message.hasVerdict()) {
                    return result(message.getVerifiedTs(), message.getVerdict());
                }
            }
        }
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
}
