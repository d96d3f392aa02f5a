package io.statehouse.cluster.check.cycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Strongly connected components by Tarjan's algorithm, without recursion: a history is deeper than a stack. */
final class Components {
    private static final int UNVISITED = -1;
    private static final int NO_EDGE = -1;

    private final Graph graph;
    private final Set<EdgeKind> kinds;
    private final int[] number;
    private final int[] lowest;
    private final int[] edge;
    private final boolean[] isOpen;
    private final Deque<Integer> open = new ArrayDeque<>();
    private final Deque<Integer> path = new ArrayDeque<>();
    private final List<List<Integer>> found = new ArrayList<>();
    private int visited;

    private Components(Graph graph, Set<EdgeKind> kinds) {
        this.graph = graph;
        this.kinds = kinds;
        this.number = new int[graph.nodes()];
        this.lowest = new int[graph.nodes()];
        this.edge = new int[graph.nodes()];
        this.isOpen = new boolean[graph.nodes()];
        Arrays.fill(number, UNVISITED);
    }

    /** The components of more than one node. */
    static List<List<Integer>> of(Graph graph, Set<EdgeKind> kinds) {
        Components components = new Components(graph, kinds);
        for (int node = 0; node < graph.nodes(); node++) {
            if (components.number[node] == UNVISITED) {
                components.visitFrom(node);
            }
        }
        return components.found;
    }

    private void visitFrom(int root) {
        enter(root);
        while (!path.isEmpty()) {
            int node = path.peek();
            if (edge[node] == NO_EDGE) {
                leave(path.pop());
                continue;
            }
            int target = graph.target(edge[node]);
            edge[node] = graph.next(edge[node], kinds);
            if (number[target] == UNVISITED) {
                enter(target);
            } else if (isOpen[target]) {
                lowest[node] = Math.min(lowest[node], number[target]);
            }
        }
    }

    private void enter(int node) {
        number[node] = visited;
        lowest[node] = visited++;
        edge[node] = graph.first(node, kinds);
        open.push(node);
        isOpen[node] = true;
        path.push(node);
    }

    private void leave(int node) {
        Integer parent = path.peek();
        if (parent != null) {
            lowest[parent] = Math.min(lowest[parent], lowest[node]);
        }
        if (lowest[node] != number[node]) {
            return;
        }
        List<Integer> component = new ArrayList<>();
        int last;
        do {
            last = open.pop();
            isOpen[last] = false;
            component.add(last);
        } while (last != node);
        if (component.size() > 1) {
            found.add(component);
        }
    }
}
