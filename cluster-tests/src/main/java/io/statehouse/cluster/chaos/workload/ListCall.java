package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.Entry;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Step;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A transaction over lists in the means of the client: reads of one moment, and one commit that they must still hold for. */
final class ListCall {
    private ListCall() {}

    static Response run(StatehouseClient client, Request.Append append) {
        Map<Key, List<Long>> lists = new LinkedHashMap<>();
        Set<Key> grown = new LinkedHashSet<>();
        List<List<Long>> reads = new ArrayList<>();
        var commit = io.statehouse.client.Commit.builder().id(append.txnId().value());
        Moment moment = new Moment(client);
        for (Step step : append.steps()) {
            List<Long> list = lists.computeIfAbsent(step.list(), key -> new ArrayList<>(moment.read(key, commit)));
            switch (step) {
                case Step.AppendElement one -> {
                    list.add(one.element());
                    grown.add(one.list());
                }
                case Step.ReadList read -> reads.add(List.copyOf(list));
            }
        }
        for (Key key : grown) {
            commit.put(Words.client(key), Json.of(Objects.requireNonNull(lists.get(key))));
        }
        var done = client.commit(commit.build());
        return new Response.Lists(reads, new CommitTs(done.commitTs()));
    }

    /** All reads see the state that the first one saw. */
    private static final class Moment {
        private final StatehouseClient client;
        private @Nullable Long readTs;

        Moment(StatehouseClient client) {
            this.client = client;
        }

        List<Long> read(Key key, io.statehouse.client.Commit.Builder commit) {
            StateKey at = Words.client(key);
            Long known = readTs;
            io.statehouse.client.Read how = known == null
                    ? io.statehouse.client.Read.linearizable()
                    : io.statehouse.client.Read.atLeast(known).asOf(known);
            Entry entry = client.get(at, how);
            readTs = known == null ? Long.valueOf(entry.readTs()) : known;
            commit.require(io.statehouse.client.Condition.versionEquals(at, entry.version()));
            Json value = entry.value();
            return value == null
                    ? List.of()
                    : value.toList().stream()
                            .map(element -> (Long) Objects.requireNonNull(element))
                            .toList();
        }
    }
}
