package io.statehouse.cluster.check.cycle;

import java.util.Arrays;
import java.util.Set;

/**
 * Transactions and the barriers of time between them, with an edge wherever one must come before another.
 *
 * <p>Nodes below {@link #transactions()} are transactions, the others barriers. A barrier stands for the moment at which a
 * transaction returned: edges lead from it to the next barrier and to whatever began later, so that real time costs a number
 * of edges that is linear in the number of transactions, not its square.
 */
final class Graph {
    private static final int NONE = -1;
    private static final int EDGES_AT_FIRST = 1 << 10;

    private final int transactions;
    private final int[] firstEdge;
    private int edges;
    private int[] target = new int[EDGES_AT_FIRST];
    private int[] nextEdge = new int[EDGES_AT_FIRST];
    private EdgeKind[] kind = new EdgeKind[EDGES_AT_FIRST];

    /** What the edge is about: a list's number and the length of the prefix before it. */
    private int[] list = new int[EDGES_AT_FIRST];

    private int[] position = new int[EDGES_AT_FIRST];

    Graph(int transactions, int barriers) {
        this.transactions = transactions;
        this.firstEdge = new int[transactions + barriers];
        Arrays.fill(firstEdge, NONE);
    }

    int transactions() {
        return transactions;
    }

    int nodes() {
        return firstEdge.length;
    }

    boolean isTransaction(int node) {
        return node < transactions;
    }

    /** Which place of which list an edge is about. */
    record Place(int list, int position) {
        static final Place NOWHERE = new Place(NONE, NONE);
    }

    void add(int from, int to, EdgeKind why, Place place) {
        if (from == to) {
            return;
        }
        if (edges == target.length) {
            grow();
        }
        target[edges] = to;
        kind[edges] = why;
        list[edges] = place.list();
        position[edges] = place.position();
        nextEdge[edges] = firstEdge[from];
        firstEdge[from] = edges++;
    }

    /** The first edge out of a node that is of these kinds; negative = none. */
    int first(int node, Set<EdgeKind> kinds) {
        return skip(firstEdge[node], kinds);
    }

    /** The edge after another out of the same node. */
    int next(int edge, Set<EdgeKind> kinds) {
        return skip(nextEdge[edge], kinds);
    }

    private int skip(int edge, Set<EdgeKind> kinds) {
        int at = edge;
        while (at != NONE && !kinds.contains(kind(at))) {
            at = nextEdge[at];
        }
        return at;
    }

    int target(int edge) {
        return target[edge];
    }

    EdgeKind kind(int edge) {
        return kind[edge];
    }

    Place place(int edge) {
        return new Place(list[edge], position[edge]);
    }

    private void grow() {
        int size = 2 * edges;
        target = Arrays.copyOf(target, size);
        nextEdge = Arrays.copyOf(nextEdge, size);
        kind = Arrays.copyOf(kind, size);
        list = Arrays.copyOf(list, size);
        position = Arrays.copyOf(position, size);
    }
}
