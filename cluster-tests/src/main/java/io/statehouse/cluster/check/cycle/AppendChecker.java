package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * C3: the transactions over lists took effect as if one after another, in an order that respects the clock.
 *
 * <p>Elements are unique and only appended, so a read of a list tells the order of all writes before it. From the reads follow
 * edges between transactions; a cycle is a contradiction.
 */
public final class AppendChecker implements Checker {
    @Override
    public String name() {
        return "append";
    }

    @Override
    public Verdict check(History history) {
        List<ListTransaction> transactions = new ArrayList<>();
        for (Call call : history.callsOf(Load.APPEND).toList()) {
            if (call.request() instanceof Request.Append append) {
                transactions.add(ListTransaction.of(call, append));
            }
        }
        Findings findings = new Findings();
        ListOrders orders = new ListOrders(transactions, findings);
        GraphBuilder builder = new GraphBuilder(transactions, orders);
        Graph graph = builder.build();
        CycleText text = new CycleText(graph, transactions, builder, orders);
        new CycleFinder(graph, (anomaly, cycle) -> findings.add(anomaly, "a cycle:\n" + text.of(cycle))).run();
        long examined =
                transactions.stream().filter(ListTransaction::isCommitted).count();
        return findings.verdict(examined);
    }
}
