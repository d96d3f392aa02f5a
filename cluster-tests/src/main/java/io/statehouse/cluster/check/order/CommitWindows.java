package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each committed transaction can have taken effect: all calls under its id are tries of one commit, which came after the
 * first of them began and before the first of them returned.
 */
final class CommitWindows {
    private CommitWindows() {}

    /** @param call the try that was answered first */
    record Window(Call call, long callNanos, long returnNanos, long commitTs) {
        private Window earlier(Window other) {
            Window first = returnNanos <= other.returnNanos ? this : other;
            return first.begunAt(Math.min(callNanos, other.callNanos));
        }

        private Window begunAt(long nanos) {
            return new Window(call, nanos, returnNanos, commitTs);
        }
    }

    static Collection<Window> of(History history) {
        Map<TxnId, Window> windows = new HashMap<>();
        Map<TxnId, Long> begun = new HashMap<>();
        for (Call call : history.calls()) {
            TxnId id = call.request().commits();
            if (id != null) {
                begun.merge(id, call.callNanos(), Math::min);
                CommitTs committed = committedAt(call);
                if (committed != null) {
                    windows.merge(
                            id,
                            new Window(call, call.callNanos(), call.returnNanos(), committed.value()),
                            Window::earlier);
                }
            }
        }
        windows.replaceAll((id, window) -> window.begunAt(begun.getOrDefault(id, window.callNanos())));
        return windows.values();
    }

    /** Where the call says that it committed; null when it does not. */
    static @Nullable CommitTs committedAt(Call call) {
        if (call.isOk() && call.response() instanceof Response.Committed committed) {
            return committed.commitTs();
        }
        // A transaction of reads alone commits nothing.
        return call.isOk()
                        && call.response() instanceof Response.Lists lists
                        && lists.commitTs().isAfter(CommitTs.ZERO)
                ? lists.commitTs()
                : null;
    }
}
