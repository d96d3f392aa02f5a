package io.statehouse.cluster.cases;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.statehouse.client.StateKey;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.ValueFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one replay adds up to, at every commit: the published meaning of the past, worked out without the product. */
final class FoldedPast {
    private final Map<StateKey, NavigableMap<Long, Version>> versions = new HashMap<>();
    private final List<Long> wallMillis = new ArrayList<>();

    /**
     * What an operation left in a key.
     *
     * @param json null = deleted
     * @param expiresMillis from when on it does not count; 0 = for ever
     */
    private record Version(
            long number, long commitTs, @Nullable String json, long expiresMillis) {}

    /** All events of the namespace on a node, up to a commit. */
    static List<ReplayEvent> replay(NodeProcess node, long endTs) {
        var request = ReplayRequest.newBuilder()
                .setNamespace(RandomPast.NAMESPACE)
                .setAllAgents(true)
                .setEndTs(endTs)
                .setOptions(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setAtLeastCommitTs(endTs)
                        .setFormat(ValueFormat.VALUE_FORMAT_JSON))
                .build();
        var channel = Grpc.newChannelBuilder(node.api(), InsecureChannelCredentials.create())
                .build();
        try {
            List<ReplayEvent> events = new ArrayList<>();
            StatehouseServiceGrpc.newBlockingStub(channel).replay(request).forEachRemaining(events::add);
            return events;
        } finally {
            channel.shutdownNow();
        }
    }

    /** Adds up events that begin with commit 1 and have no hole. */
    static FoldedPast of(List<ReplayEvent> events) {
        var past = new FoldedPast();
        events.forEach(past::add);
        return past;
    }

    private void add(ReplayEvent event) {
        wallMillis.add(event.getWallTimeMs());
        if (event.getCommitTs() != wallMillis.size()) {
            throw new AssertionError("commit " + event.getCommitTs() + " where " + wallMillis.size() + " belongs");
        }
        for (Operation operation : event.getOperationsList()) {
            var key = new StateKey(RandomPast.NAMESPACE, operation.getAgentId(), operation.getKey());
            String json = operation.hasJson() ? operation.getJson().toStringUtf8() : null;
            versions.computeIfAbsent(key, unused -> new TreeMap<>())
                    .put(
                            event.getCommitTs(),
                            new Version(operation.getVersion(), event.getCommitTs(), json, operation.getExpiresMs()));
        }
    }

    /** What a key holds after a commit, with its numbers, in words. */
    String at(StateKey key, long commitTs) {
        Version made = latest(key, commitTs);
        return made == null
                ? text(0, 0, 0, null)
                : text(
                        made.number(),
                        made.commitTs(),
                        wallMillis(made.commitTs()),
                        isPast(made.expiresMillis(), commitTs) ? null : made.json());
    }

    /** Whether a key has lost its value to a deadline after a commit, and the event that says so is still to come. */
    boolean isExpiredByRule(StateKey key, long commitTs) {
        Version made = latest(key, commitTs);
        return made != null && isPast(made.expiresMillis(), commitTs);
    }

    private @Nullable Version latest(StateKey key, long commitTs) {
        var latest = versions.getOrDefault(key, new TreeMap<>()).floorEntry(commitTs);
        return latest == null ? null : latest.getValue();
    }

    private boolean isPast(long expiresMillis, long commitTs) {
        return expiresMillis > 0 && expiresMillis <= wallMillis(commitTs);
    }

    private long wallMillis(long commitTs) {
        return wallMillis.get((int) commitTs - 1);
    }

    static String text(long version, long commitTs, long wallMillis, @Nullable String json) {
        return "version " + version + " of commit " + commitTs + " at " + wallMillis + ": " + json;
    }

    /** How many values an event of their deadline deleted. */
    static long expiries(List<ReplayEvent> events) {
        return events.stream()
                .flatMap(event -> event.getOperationsList().stream())
                .filter(Operation::getExpired)
                .count();
    }
}
