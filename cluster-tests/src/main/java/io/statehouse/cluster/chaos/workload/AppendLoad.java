package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Step;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** W3: transactions that append to lists and read lists. From what they read follows the order in which they can have run. */
public final class AppendLoad implements Workload {
    private static final int LISTS_AT_ONCE = 12;
    /** Lists are read whole, so what they cost grows with the square of their length. */
    private static final int TRANSACTIONS_PER_LISTS_MAX = 500;

    private static final int MORE_STEPS_MAX = 3;
    private static final int READ_PERCENT = 50;
    private static final Agent AGENT = Words.agent("lists");

    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong elements = new AtomicLong();

    @Override
    public Load load() {
        return Load.APPEND;
    }

    @Override
    public List<String> checkers() {
        return List.of("append");
    }

    @Override
    public Actor hire(Desk desk) {
        return () -> {
            long generation = transactions.incrementAndGet() / TRANSACTIONS_PER_LISTS_MAX;
            List<Step> steps = new ArrayList<>();
            steps.add(append(generation, desk));
            int more = desk.random().nextInt(MORE_STEPS_MAX + 1);
            for (int step = 0; step < more; step++) {
                boolean isRead = desk.chance(READ_PERCENT);
                steps.add(isRead ? new Step.ReadList(list(generation, desk)) : append(generation, desk));
            }
            // A read may come first: then it is its moment that the others share.
            if (desk.chance(READ_PERCENT)) {
                steps.addFirst(new Step.ReadList(list(generation, desk)));
            }
            var unused = desk.client().append(new Request.Append(desk.client().newId(), steps));
        };
    }

    private Step append(long generation, Desk desk) {
        return new Step.AppendElement(list(generation, desk), elements.incrementAndGet());
    }

    private static Key list(long generation, Desk desk) {
        return AGENT.key("list-" + generation + "-" + desk.random().nextInt(LISTS_AT_ONCE));
    }
}
