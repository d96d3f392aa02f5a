package io.statehouse.node.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sessions have come to by reducers, kept in this node's memory so that the next read goes on from there. Bounded: what was
 * asked for longest ago goes first, and is folded anew when it is asked for again.
 */
final class KeptStates {
    static final long BYTES_MAX = 64L << 20;

    /** About what an entry takes beside its text. */
    private static final int ENTRY_BYTES = 512;

    private final long bytesMax;
    private final Map<Key, FoldedState> states = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    KeptStates(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Of which session and by which reducer; another version is another reducer. */
    record Key(String namespace, String sessionId, String reducer, String version) {
        private int length() {
            return namespace.length() + sessionId.length() + reducer.length() + version.length();
        }
    }

    synchronized @Nullable FoldedState find(Key key) {
        return states.get(key);
    }

    /** Keeps a state unless a later one of the session is there already. */
    synchronized void keep(Key key, FoldedState state) {
        FoldedState before = states.get(key);
        if (before != null && before.sequence() >= state.sequence()) {
            return;
        }
        states.put(key, state);
        bytes += size(key, state) - (before == null ? 0 : size(key, before));
        var oldest = states.entrySet().iterator();
        while (bytes > bytesMax && oldest.hasNext()) {
            var gone = oldest.next();
            bytes -= size(gone.getKey(), gone.getValue());
            oldest.remove();
        }
    }

    private static long size(Key key, FoldedState state) {
        return ENTRY_BYTES + 2L * key.length() + state.state().length();
    }
}
