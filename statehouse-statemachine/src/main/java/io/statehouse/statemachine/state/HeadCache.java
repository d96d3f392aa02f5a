package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Key;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest versions of the keys written last, so that writing them again asks no table.
 *
 * <p>Belongs to the executing thread. Only saves time: an answer is the same with it and without it.
 */
public final class HeadCache {
    private static final int KEYS_MAX = 1 << 16;

    /** Names may be long, so counting them is not enough. */
    private static final long BYTES_MAX = 32L << 20;

    /** About what a key, its head and their place in the map take beside the names. */
    private static final int BYTES_PER_KEY = 200;

    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<Key, KeyHead> heads = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KeyHead> eldest) {
            return size() > KEYS_MAX && forget(eldest.getKey());
        }
    };

    private long bytes;

    @Nullable
    KeyHead get(Key key) {
        return heads.get(key);
    }

    void put(Key key, KeyHead head) {
        if (heads.put(key, head) == null) {
            bytes += bytes(key);
        }
        Iterator<Key> eldest = heads.keySet().iterator();
        while (bytes > BYTES_MAX) {
            forget(eldest.next());
            eldest.remove();
        }
    }

    private boolean forget(Key key) {
        bytes -= bytes(key);
        return true;
    }

    private static long bytes(Key key) {
        return BYTES_PER_KEY
                + Character.BYTES
                        * (long) (key.name().length()
                                + key.agent().id().length()
                                + key.agent().namespace().length());
    }

    /** About how much memory the heads take. */
    long bytes() {
        return bytes;
    }
}
