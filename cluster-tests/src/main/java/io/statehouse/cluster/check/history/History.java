package io.statehouse.cluster.check.history;

import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything one run saw.
 *
 * @param calls in the order in which they began
 * @param replays complete journals of nodes, if any were asked for
 * @param watches in the order in which they were opened
 */
public record History(
        List<Call> calls,
        List<Replay> replays,
        List<ReplicaSeen> replicas,
        List<WatchStream> watches,
        List<Mark> marks,
        Map<String, String> settings) {
    public History {
        calls = calls.stream()
                .sorted(Comparator.comparingLong(Call::callNanos).thenComparingLong(Call::id))
                .toList();
        replays = List.copyOf(replays);
        replicas = List.copyOf(replicas);
        watches = List.copyOf(watches);
        marks = List.copyOf(marks);
        settings = Map.copyOf(new TreeMap<>(settings));
    }

    /** A history of calls alone. */
    public static History of(Collection<Call> calls) {
        return new History(List.copyOf(calls), List.of(), List.of(), List.of(), List.of(), Map.of());
    }

    public History withCalls(Collection<Call> others) {
        return new History(List.copyOf(others), replays, replicas, watches, marks, settings);
    }

    public History withReplays(Collection<Replay> others) {
        return new History(calls, List.copyOf(others), replicas, watches, marks, settings);
    }

    public History withReplicas(Collection<ReplicaSeen> others) {
        return new History(calls, replays, List.copyOf(others), watches, marks, settings);
    }

    public History withWatches(Collection<WatchStream> others) {
        return new History(calls, replays, replicas, List.copyOf(others), marks, settings);
    }

    public History withSettings(Map<String, String> others) {
        return new History(calls, replays, replicas, watches, marks, others);
    }

    public Stream<Call> callsOf(Load load) {
        return calls.stream().filter(call -> call.load() == load);
    }

    public Stream<Call> callsOf(Set<Load> loads) {
        return calls.stream().filter(call -> loads.contains(call.load()));
    }

    /** The journal that reaches furthest; null when none was read. */
    public @Nullable Replay longestReplay() {
        return replays.stream().max(Comparator.comparing(Replay::lastTs)).orElse(null);
    }
}
