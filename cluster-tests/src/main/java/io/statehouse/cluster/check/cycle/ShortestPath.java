package io.statehouse.cluster.check.cycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Shortest paths by the number of transactions on them; barriers count nothing. */
final class ShortestPath {
    private static final int NONE = -1;

    private final Graph graph;
    private final Set<EdgeKind> kinds;
    private final BitSet within;
    private final int[] distance;
    private final int[] edgeInto;
    private final int[] nodeBefore;

    /** @param within the only nodes that a path may visit */
    ShortestPath(Graph graph, Set<EdgeKind> kinds, BitSet within) {
        this.graph = graph;
        this.kinds = kinds;
        this.within = within;
        this.distance = new int[graph.nodes()];
        this.edgeInto = new int[graph.nodes()];
        this.nodeBefore = new int[graph.nodes()];
    }

    /** One step: from a node over an edge. */
    record Hop(int from, int edge) {}

    /** The hops from one node to another, or back to itself; empty when there is no way. */
    List<Hop> find(int from, int to) {
        Arrays.fill(distance, Integer.MAX_VALUE);
        Deque<Integer> frontier = new ArrayDeque<>();
        int best = NONE;
        int bestFrom = NONE;
        int bestDistance = Integer.MAX_VALUE;
        distance[from] = 0;
        edgeInto[from] = NONE;
        frontier.add(from);
        while (!frontier.isEmpty()) {
            int node = frontier.poll();
            int cost = graph.isTransaction(node) ? 1 : 0;
            for (int edge = graph.first(node, kinds); edge >= 0; edge = graph.next(edge, kinds)) {
                int target = graph.target(edge);
                int reached = distance[node] + cost;
                if (target == to && reached < bestDistance) {
                    best = edge;
                    bestFrom = node;
                    bestDistance = reached;
                } else if (target != to && within.get(target) && reached < distance[target]) {
                    distance[target] = reached;
                    edgeInto[target] = edge;
                    nodeBefore[target] = node;
                    enqueue(frontier, target, cost);
                }
            }
        }
        return best == NONE ? List.of() : hops(bestFrom, best);
    }

    private static void enqueue(Deque<Integer> frontier, int node, int cost) {
        if (cost == 0) {
            frontier.addFirst(node);
        } else {
            frontier.addLast(node);
        }
    }

    private List<Hop> hops(int lastFrom, int lastEdge) {
        List<Hop> hops = new ArrayList<>();
        hops.add(new Hop(lastFrom, lastEdge));
        for (int node = lastFrom; edgeInto[node] != NONE; node = nodeBefore[node]) {
            hops.add(new Hop(nodeBefore[node], edgeInto[node]));
        }
        Collections.reverse(hops);
        return hops;
    }
}
