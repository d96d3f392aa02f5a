package io.statehouse.client;

import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.ReplayRequest;
import java.util.SortedMap;
import java.util.TreeMap;

/** The state of an agent before the first event of its replay. */
final class ReplayBeginning {
    private final Caller caller;
    private final ReplayRequest request;

    ReplayBeginning(Caller caller, ReplayRequest request) {
        this.caller = caller;
        this.request = request;
    }

    SortedMap<String, Entry> begin() {
        if (request.getAgentId().isEmpty()
                || request.getReverse()
                || !request.getFilter().equals(EventFilter.getDefaultInstance())) {
            throw new IllegalStateException(
                    "only a replay of one agent, forwards and without filters, leads to its states");
        }
        SortedMap<String, Entry> state = new TreeMap<>();
        if (request.getStartTs() > 1) {
            var caller =
                    new Caller(this.caller.failover(), this.caller.options().namespace(request.getNamespace()));
            var reads = new Reads(caller);
            var range = Range.of(request.getAgentId()).read(Read.linearizable().asOf(request.getStartTs() - 1));
            var entries =
                    new Listing<>(caller.await(reads.scan(range, null)), page -> caller.await(reads.scan(range, page)));
            entries.forEach(entry -> state.put(entry.key(), entry));
        }
        return state;
    }
}
