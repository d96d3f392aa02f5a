package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Key;
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
    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final float LOAD_FACTOR = 0.75f;

    private final Map<Key, KeyHead> heads = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, KeyHead> eldest) {
            return size() > KEYS_MAX;
        }
    };

    @Nullable
    KeyHead get(Key key) {
        return heads.get(key);
    }

    void put(Key key, KeyHead head) {
        heads.put(key, head);
    }
}
