package io.statehouse.cluster.check.linear;

import io.statehouse.cluster.check.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the operations that respects their windows and the model: the algorithm of Wing and Gong, with Lowe's
 * memory of what was tried.
 *
 * <p>Calls and returns stand in a doubly linked list in order of time. An operation may come next if its call stands before
 * the first return that is left; it is then lifted out of the list. Where two times are equal the call counts as the earlier:
 * the weaker reading, which never raises a false alarm. Deciding is NP-complete: the worst case is exponential in the number
 * of operations underway at once, and the budget ends it.
 */
final class Search<S, O> {
    private static final int NONE = -1;
    private static final int STEPS_PER_LOOK_AT_THE_CLOCK = 1 << 12;

    private final Model<S, O> model;
    private final List<Timed<O>> operations;
    private final Budget budget;
    private final long deadline;

    /** Event 2i is the call of operation i, event 2i + 1 its return; the last event is the head of the list. */
    private final int[] next;

    private final int[] previous;
    private final int head;

    private final BitSet done = new BitSet();
    private final Set<Tried<S>> tried = new HashSet<>();
    private final List<Placed<S>> order = new ArrayList<>();
    private List<Integer> longest = List.of();
    private S state;

    /** Exact, not only by hash: a collision would be a wrong verdict. */
    private record Tried<S>(BitSet done, S state) {}

    private record Placed<S>(int operation, S before) {}

    /** How a search ended. */
    enum End {
        FOUND,
        IMPOSSIBLE,
        OUT_OF_BUDGET
    }

    Search(Model<S, O> model, List<Timed<O>> operations, Budget budget, long deadline) {
        this.model = model;
        this.operations = operations;
        this.budget = budget;
        this.deadline = deadline;
        this.head = 2 * operations.size();
        this.next = new int[head + 1];
        this.previous = new int[head + 1];
        this.state = model.initial();
        link();
    }

    /** Operations in the longest order found, by their positions in the list that was given. */
    List<Integer> longest() {
        return longest;
    }

    long statesTried() {
        return tried.size();
    }

    End run() {
        int required = (int) operations.stream().filter(Timed::isRequired).count();
        int placed = 0;
        long steps = 0;
        int event = next[head];
        while (placed < required) {
            if (tried.size() >= budget.statesMax() || isLate(++steps)) {
                return End.OUT_OF_BUDGET;
            }
            if (event != head && isCall(event)) {
                S after = tryNext(event / 2);
                if (after == null) {
                    event = next[event];
                } else {
                    placed += place(event / 2, after);
                    event = next[head];
                }
            } else {
                // The operation that returns here had to come earlier, or the list is at its end.
                if (order.isEmpty()) {
                    return End.IMPOSSIBLE;
                }
                Placed<S> last = order.removeLast();
                placed -= takeBack(last);
                event = next[2 * last.operation()];
            }
        }
        remember();
        return End.FOUND;
    }

    private boolean isLate(long steps) {
        return steps % STEPS_PER_LOOK_AT_THE_CLOCK == 0 && budget.nanos().getAsLong() - deadline > 0;
    }

    /** The state after this operation; null when it cannot come next, or when that was tried and led nowhere. */
    private @Nullable S tryNext(int operation) {
        S after = model.step(state, operations.get(operation).operation());
        if (after == null) {
            return null;
        }
        done.set(operation);
        Tried<S> attempt = new Tried<>((BitSet) done.clone(), after);
        done.clear(operation);
        return tried.add(attempt) ? after : null;
    }

    private int place(int operation, S after) {
        order.add(new Placed<>(operation, state));
        state = after;
        done.set(operation);
        lift(2 * operation);
        if (!operations.get(operation).isRequired()) {
            return 0;
        }
        lift(2 * operation + 1);
        if (order.size() > longest.size()) {
            remember();
        }
        return 1;
    }

    private int takeBack(Placed<S> last) {
        int operation = last.operation();
        state = last.before();
        done.clear(operation);
        boolean isRequired = operations.get(operation).isRequired();
        if (isRequired) {
            unlift(2 * operation + 1);
        }
        unlift(2 * operation);
        return isRequired ? 1 : 0;
    }

    private void remember() {
        longest = order.stream().map(Placed::operation).toList();
    }

    private void link() {
        List<Integer> events = new ArrayList<>();
        for (int operation = 0; operation < operations.size(); operation++) {
            events.add(2 * operation);
            // What may come at any later time never forces anything before it.
            if (operations.get(operation).isRequired()) {
                events.add(2 * operation + 1);
            }
        }
        events.sort(Comparator.comparingLong(this::nanosOf).thenComparingInt(event -> isCall(event) ? 0 : 1));
        Arrays.fill(next, NONE);
        int last = head;
        for (int event : events) {
            next[last] = event;
            previous[event] = last;
            last = event;
        }
        next[last] = head;
        previous[head] = last;
    }

    private long nanosOf(int event) {
        Timed<O> operation = operations.get(event / 2);
        return isCall(event) ? operation.callNanos() : operation.returnNanos();
    }

    private static boolean isCall(int event) {
        return event % 2 == 0;
    }

    private void lift(int event) {
        next[previous[event]] = next[event];
        previous[next[event]] = previous[event];
    }

    private void unlift(int event) {
        next[previous[event]] = event;
        previous[next[event]] = event;
    }
}
