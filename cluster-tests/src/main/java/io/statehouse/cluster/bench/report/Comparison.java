package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was measured, and how.
 *
 * @param conditions what a reader must know of the run, by name, in the order they are told
 * @param figures in the order they were measured
 */
public record Comparison(Map<String, String> conditions, List<Figure> figures) {
    /** Copies both. */
    public Comparison {
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
        figures = List.copyOf(figures);
    }

    List<Workload> workloads() {
        return figures.stream().map(Figure::workload).distinct().toList();
    }

    List<Contender> contenders() {
        return figures.stream().map(Figure::contender).distinct().sorted().toList();
    }

    List<Figure> of(Workload workload) {
        return figures.stream().filter(figure -> figure.workload() == workload).toList();
    }

    List<Figure> of(Workload workload, Contender contender) {
        return of(workload).stream()
                .filter(figure -> figure.contender() == contender)
                .toList();
    }

    /** The figure of another system beside this one; null if it has none. */
    @Nullable
    Figure beside(Figure figure, Contender contender) {
        return of(figure.workload(), contender).stream()
                .filter(other -> other.callers() == figure.callers())
                .findFirst()
                .orElse(null);
    }
}
