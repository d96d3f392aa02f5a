package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.cycle.ShortestPath.Hop;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** Finds one short cycle for every knot of transactions, and names it by the weakest kinds of edges that make one. */
final class CycleFinder {
    /** More starting points than this are not tried; the cycle shown may then not be the shortest. */
    private static final int STARTS_MAX = 500;

    private final Graph graph;
    private final BiConsumer<Anomaly, List<Hop>> report;

    /** Transactions of a knot that was reported: the same knot with more edges is no news. */
    private final BitSet reported = new BitSet();

    CycleFinder(Graph graph, BiConsumer<Anomaly, List<Hop>> report) {
        this.graph = graph;
        this.report = report;
    }

    void run() {
        if (Components.of(graph, EdgeKind.withRealTime(EdgeKind.DEPENDENCIES)).isEmpty()) {
            return;
        }
        findPlain(EdgeKind.WRITES, Anomaly.WRITE_CYCLE);
        findPlain(EdgeKind.INFORMATION, Anomaly.CIRCULAR_INFORMATION_FLOW);
        findWithMissedWrites(EdgeKind.INFORMATION, Anomaly.READ_SKEW, Anomaly.ANTI_DEPENDENCY_CYCLE);
        findPlain(EdgeKind.withRealTime(EdgeKind.WRITES), Anomaly.WRITE_CYCLE_REALTIME);
        findPlain(EdgeKind.withRealTime(EdgeKind.INFORMATION), Anomaly.CIRCULAR_INFORMATION_FLOW_REALTIME);
        findWithMissedWrites(
                EdgeKind.withRealTime(EdgeKind.INFORMATION),
                Anomaly.READ_SKEW_REALTIME,
                Anomaly.ANTI_DEPENDENCY_CYCLE_REALTIME);
    }

    private void findPlain(Set<EdgeKind> kinds, Anomaly anomaly) {
        for (List<Integer> knot : newKnots(kinds)) {
            List<Hop> shortest = shortestCycle(knot, kinds);
            reported(knot);
            report.accept(anomaly, shortest);
        }
    }

    private void findWithMissedWrites(Set<EdgeKind> others, Anomaly one, Anomaly several) {
        Set<EdgeKind> all = EnumSet.copyOf(others);
        all.add(EdgeKind.READ_WRITE);
        for (List<Integer> knot : newKnots(all)) {
            List<Hop> single = cycleWithOneMissedWrite(knot, others);
            List<Hop> shortest = single.isEmpty() ? shortestCycle(knot, all) : single;
            reported(knot);
            report.accept(single.isEmpty() ? several : one, shortest);
        }
    }

    private List<List<Integer>> newKnots(Set<EdgeKind> kinds) {
        List<List<Integer>> knots = new ArrayList<>();
        for (List<Integer> knot : Components.of(graph, kinds)) {
            if (knot.stream().noneMatch(reported::get)) {
                knots.add(knot);
            }
        }
        return knots;
    }

    private void reported(List<Integer> knot) {
        knot.stream().filter(graph::isTransaction).forEach(reported::set);
    }

    private List<Hop> shortestCycle(List<Integer> knot, Set<EdgeKind> kinds) {
        ShortestPath paths = new ShortestPath(graph, kinds, setOf(knot));
        List<Hop> shortest = List.of();
        for (int start : startsOf(knot)) {
            List<Hop> cycle = paths.find(start, start);
            if (!cycle.isEmpty() && (shortest.isEmpty() || transactions(cycle) < transactions(shortest))) {
                shortest = cycle;
            }
        }
        return shortest;
    }

    private List<Hop> cycleWithOneMissedWrite(List<Integer> knot, Set<EdgeKind> others) {
        BitSet within = setOf(knot);
        ShortestPath paths = new ShortestPath(graph, others, within);
        Set<EdgeKind> missed = Set.of(EdgeKind.READ_WRITE);
        List<Hop> shortest = List.of();
        for (int start : startsOf(knot)) {
            for (int edge = graph.first(start, missed); edge >= 0; edge = graph.next(edge, missed)) {
                if (within.get(graph.target(edge))) {
                    List<Hop> back = paths.find(graph.target(edge), start);
                    if (!back.isEmpty() && (shortest.isEmpty() || transactions(back) + 1 < transactions(shortest))) {
                        shortest = new ArrayList<>(back);
                        shortest.add(new Hop(start, edge));
                    }
                }
            }
        }
        return shortest;
    }

    private long transactions(List<Hop> cycle) {
        return cycle.stream().filter(hop -> graph.isTransaction(hop.from())).count();
    }

    private List<Integer> startsOf(List<Integer> knot) {
        return knot.stream().filter(graph::isTransaction).limit(STARTS_MAX).toList();
    }

    private static BitSet setOf(List<Integer> nodes) {
        BitSet set = new BitSet();
        nodes.forEach(set::set);
        return set;
    }
}
