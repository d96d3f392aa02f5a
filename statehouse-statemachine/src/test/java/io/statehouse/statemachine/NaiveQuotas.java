package io.statehouse.statemachine;

import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What quotas must come to: everything is counted anew each time. */
final class NaiveQuotas {
    private final Map<String, Quota> quotas = new HashMap<>();
    private final Set<String> counted = new HashSet<>();

    void set(SetQuota set) {
        quotas.put(set.namespace(), set.quota());
    }

    /** No log of a test has more keys than one tick counts. */
    void tick() {
        counted.addAll(quotas.keySet());
    }

    @Nullable
    Reply firstPassed(List<Event> events, Map<Key, List<Entry>> before) {
        Map<Key, Long> sizes = new HashMap<>();
        before.forEach(
                (key, history) -> sizes.put(key, size(key, history.getLast().value())));
        Map<Key, Long> after = new HashMap<>(sizes);
        events.forEach(event ->
                after.put(event.key(), event instanceof Event.EntryPut put ? size(event.key(), put.value()) : 0));
        for (String namespace : events.stream()
                .map(event -> event.key().agent().namespace())
                .distinct()
                .toList()) {
            Quota quota = quotas.getOrDefault(namespace, Quota.NONE);
            long bytes = bytes(namespace, after);
            long agents = agents(namespace, after);
            if (!counted.contains(namespace)) {
                continue;
            }
            if (quota.bytesMax() > 0 && bytes > quota.bytesMax() && bytes > bytes(namespace, sizes)) {
                return new Reply.LimitExceeded(Limits.BYTES_QUOTA, quota.bytesMax(), bytes);
            }
            if (quota.agentsMax() > 0 && agents > quota.agentsMax() && agents > agents(namespace, sizes)) {
                return new Reply.LimitExceeded(Limits.AGENTS_QUOTA, quota.agentsMax(), agents);
            }
        }
        return null;
    }

    private static long size(Key key, @Nullable Json value) {
        return value == null ? 0 : (long) KeyCodec.ofKey(key).length + value.length();
    }

    private static long bytes(String namespace, Map<Key, Long> sizes) {
        return sizes.entrySet().stream()
                .filter(one -> one.getKey().agent().namespace().equals(namespace))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long agents(String namespace, Map<Key, Long> sizes) {
        return sizes.keySet().stream()
                .map(Key::agent)
                .filter(agent -> agent.namespace().equals(namespace))
                .distinct()
                .count();
    }
}
