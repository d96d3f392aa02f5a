package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.cycle.ShortestPath.Hop;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.statemachine.Key;
import java.util.List;

/** A cycle as sentences: each transaction and why it must come before the next one. */
final class CycleText {
    private final Graph graph;
    private final List<ListTransaction> transactions;
    private final List<Key> lists;
    private final ListOrders orders;

    CycleText(Graph graph, List<ListTransaction> transactions, GraphBuilder builder, ListOrders orders) {
        this.graph = graph;
        this.transactions = transactions;
        this.lists = builder.lists();
        this.orders = orders;
    }

    String of(List<Hop> cycle) {
        StringBuilder text = new StringBuilder();
        int first = 0;
        while (!graph.isTransaction(cycle.get(first).from())) {
            first++;
        }
        for (int index = 0; index < cycle.size(); index++) {
            Hop hop = cycle.get((first + index) % cycle.size());
            // A way over barriers is one reason: real time.
            if (graph.isTransaction(hop.from())) {
                text.append("  ")
                        .append(CallText.of(transactions.get(hop.from()).call()))
                        .append('\n')
                        .append("    before, ")
                        .append(reason(hop.edge()))
                        .append('\n');
            }
        }
        return text.append("  the first one again").toString();
    }

    private String reason(int edge) {
        EdgeKind kind = graph.kind(edge);
        if (kind == EdgeKind.REAL_TIME) {
            return "for it had returned before this one began:";
        }
        Key list = lists.get(graph.place(edge).list());
        int position = graph.place(edge).position();
        return switch (kind) {
            case WRITE_WRITE ->
                "for in %s this one appended %s behind its %s:"
                        .formatted(CallText.of(list), element(list, position), element(list, position - 1));
            case WRITE_READ ->
                "for this one read its %s in %s:".formatted(element(list, position - 1), CallText.of(list));
            case READ_WRITE ->
                "for in %s it did not yet see %s of this one:".formatted(CallText.of(list), element(list, position));
            case REAL_TIME -> "";
        };
    }

    private String element(Key list, int position) {
        List<Long> order = orders.order(list);
        return position < order.size() ? Long.toString(order.get(position)) : "elements that no read shows";
    }
}
