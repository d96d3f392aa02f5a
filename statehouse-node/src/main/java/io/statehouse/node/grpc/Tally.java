package io.statehouse.node.grpc;

import io.grpc.Status;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.proto.v1.StatehouseError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts requests that share a call as the calls of their own that they would be otherwise. */
record Tally(NodeMetrics metrics, String rpc) {
    /** One was answered; null = with what it asked for. */
    void ended(long arrivedNanos, @Nullable StatehouseError error) {
        Status.Code code = error == null ? Status.Code.OK : StatusMapper.codeOf(error);
        metrics.rpcEnded(rpc, code.name(), Duration.ofNanos(System.nanoTime() - arrivedNanos));
    }
}
