package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * W5: several callers send the same transaction under the same id, at once and long after, through different nodes; some send
 * other contents under it. One of them all takes effect, once.
 */
public final class IdempotencyLoad implements Workload {
    private static final int REMEMBERED_MAX = 256;
    private static final int RECENT = 3;
    private static final int NEW_PERCENT = 25;
    private static final int LONG_AGO_PERCENT = 30;
    private static final int FORGERY_PERCENT = 10;
    private static final int CONDITIONAL_PERCENT = 30;
    private static final int KEYS = 6;
    private static final Agent AGENT = Words.agent("orders");

    private final int processes;
    private final AtomicLong orders = new AtomicLong();

    /** Guarded by itself; the newest last. */
    private final List<Order> known = new ArrayList<>();

    /** With so many callers. */
    public IdempotencyLoad(int processes) {
        this.processes = processes;
    }

    /** With as many callers as it takes to have a race. */
    public IdempotencyLoad() {
        this(3);
    }

    /** What somebody once wanted, and may want again. */
    private record Order(TxnId id, List<Operation> operations, List<Condition> conditions) {}

    @Override
    public Load load() {
        return Load.IDEMPOTENCY;
    }

    @Override
    public List<String> checkers() {
        return List.of("idempotency");
    }

    @Override
    public int processes() {
        return processes;
    }

    @Override
    public Actor hire(Desk desk) {
        return () -> {
            Order order = desk.chance(NEW_PERCENT) ? null : remembered(desk);
            Order sent = order == null ? make(desk) : order;
            boolean isForgery = order != null && desk.chance(FORGERY_PERCENT);
            var client = desk.chance(50) ? desk.client() : desk.anyNode();
            var unused = client.commit(
                    sent.id(), isForgery ? List.of(put(sent, "\"forged\"")) : sent.operations(), sent.conditions());
        };
    }

    private Order make(Desk desk) {
        Key key = AGENT.key("order-" + desk.random().nextInt(KEYS));
        Operation operation = new Operation.Put(key, Words.json(Long.toString(orders.incrementAndGet())));
        List<Condition> conditions =
                desk.chance(CONDITIONAL_PERCENT) ? List.of(new Condition.Exists(key)) : List.<Condition>of();
        Order order = new Order(desk.client().newId(), List.of(operation), conditions);
        synchronized (known) {
            known.add(order);
            if (known.size() > REMEMBERED_MAX) {
                known.removeFirst();
            }
        }
        return order;
    }

    private static Operation put(Order order, String json) {
        return new Operation.Put(order.operations().getFirst().key(), Words.json(json));
    }

    private @Nullable Order remembered(Desk desk) {
        synchronized (known) {
            if (known.isEmpty()) {
                return null;
            }
            int oldest = desk.chance(LONG_AGO_PERCENT) ? 0 : Math.max(0, known.size() - RECENT);
            return known.get(desk.random().nextInt(oldest, known.size()));
        }
    }
}
