package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** W2: callers add elements, each once, and now and then somebody looks at all of them. What was acknowledged is never lost. */
public final class SetLoad implements Workload {
    /** So that a scan stays small: the cost of the check is scans times elements. */
    private static final int ELEMENTS_PER_SET_MAX = 400;

    private static final int SCAN_PERCENT = 3;
    private static final int ELEMENTS_AT_ONCE_MAX = 3;

    private final AtomicLong elements = new AtomicLong();

    @Override
    public Load load() {
        return Load.SET;
    }

    @Override
    public List<String> checkers() {
        return List.of("set");
    }

    /** It is the only one of many cases, and too few callers prove nothing. */
    @Override
    public int processes() {
        return 4;
    }

    @Override
    public void prepare(Desk desk) {
        add(desk, 1);
    }

    @Override
    public Actor hire(Desk desk) {
        return () -> {
            if (desk.chance(SCAN_PERCENT)) {
                var client = desk.chance(50) ? desk.client() : desk.anyNode();
                var unused = client.scan(new Request.Scan(set(elements.get()), "", ReadPoint.LATEST));
            } else {
                add(desk, 1 + desk.random().nextInt(ELEMENTS_AT_ONCE_MAX));
            }
        };
    }

    private void add(Desk desk, int count) {
        long first = elements.getAndAdd(count);
        List<Operation> operations = new ArrayList<>();
        for (long element = first; element < first + count; element++) {
            operations.add(
                    new Operation.Put(set(element).key("element-" + element), Words.json(Long.toString(element))));
        }
        var unused = desk.client().commit(desk.client().newId(), operations, List.of());
    }

    private static Agent set(long element) {
        return Words.agent("set-" + element / ELEMENTS_PER_SET_MAX);
    }

    @Override
    public List<Request> lastQuestions() {
        List<Request> questions = new ArrayList<>();
        for (long first = 0; first < elements.get(); first += ELEMENTS_PER_SET_MAX) {
            questions.add(new Request.Scan(set(first), "", ReadPoint.LATEST));
        }
        return questions;
    }
}
