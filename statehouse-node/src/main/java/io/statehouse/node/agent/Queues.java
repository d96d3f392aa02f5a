package io.statehouse.node.agent;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import org.jspecify.annotations.Nullable;

/**
 * The items of a list that still hold a value, in their order.
 *
 * <p>Those before a number that is known to be served are not looked at: a queue is as long as those who wait, not as all who
 * ever did.
 */
final class Queues {
    private static final long NAMES_BYTES_MAX = 1 << 20;

    private Queues() {}

    /** The first item after a number; null when there is none. */
    static @Nullable Key first(StateView view, Key list, long served) {
        String after = Operation.Append.item(list, served).name();
        do {
            var page = view.keys(list.agent(), new PageRequest(list.name() + "/", after, 1, NAMES_BYTES_MAX));
            if (!page.items().isEmpty()) {
                return list.agent().key(page.items().get(0));
            }
            after = page.next();
        } while (after != null);
        return null;
    }

    /** How many items there are after a number. */
    static long length(StateView view, Key list, long served) {
        long length = 0;
        String after = Operation.Append.item(list, served).name();
        do {
            var page = view.keys(
                    list.agent(), new PageRequest(list.name() + "/", after, IdLists.ITEMS_READ_MAX, NAMES_BYTES_MAX));
            length += page.items().size();
            after = page.next();
        } while (after != null);
        return length;
    }
}
