package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.CallObserver;
import io.statehouse.cluster.check.history.Endpoint;
import java.util.Map;

/** Remembers which node ended the last try of a client that makes one call at a time. */
final class LastAnswer implements CallObserver {
    private final Map<String, String> nodeByAddress;
    private volatile Endpoint endpoint = Endpoint.UNKNOWN;

    LastAnswer(Map<String, String> nodeByAddress) {
        this.nodeByAddress = Map.copyOf(nodeByAddress);
    }

    @Override
    public void tryEnded(Try tried) {
        endpoint = new Endpoint(nodeByAddress.getOrDefault(tried.endpoint(), ""), 0);
    }

    Endpoint endpoint() {
        return endpoint;
    }
}
