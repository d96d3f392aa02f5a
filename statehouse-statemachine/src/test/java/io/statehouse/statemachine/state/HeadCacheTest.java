package io.statehouse.statemachine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import org.junit.jupiter.api.Test;

class HeadCacheTest {
    private static final long BYTES_MAX = 32L << 20;
    private static final int KEYS = 70_000;
    private static final KeyHead HEAD = new KeyHead(1, new CommitTs(1), true);

    @Test
    void longNamesDoNotTakeMoreMemoryThanShortOnes() {
        HeadCache cache = new HeadCache();
        for (int key = 0; key < KEYS; key++) {
            cache.put(key("x".repeat(1_000), key), HEAD);
        }

        assertThat(cache.bytes()).isBetween(BYTES_MAX / 2, BYTES_MAX);
        assertThat(cache.get(key("x".repeat(1_000), KEYS - 1))).isEqualTo(HEAD);
        assertThat(cache.get(key("x".repeat(1_000), 0))).isNull();
    }

    @Test
    void whatIsForgottenIsNotCountedAnyMore() {
        HeadCache cache = new HeadCache();
        for (int key = 0; key < 2 * KEYS; key++) {
            cache.put(key("k", key), HEAD);
            cache.put(key("k", key), HEAD);
        }
        long full = cache.bytes();
        for (int key = 0; key < KEYS; key++) {
            cache.put(key("k", 2 * KEYS + key), HEAD);
        }

        assertThat(cache.bytes()).isBetween(full - KEYS, full + KEYS);
        assertThat(cache.get(key("k", 2 * KEYS - 1))).isNull();
    }

    private static Key key(String prefix, int number) {
        return new Agent("n", "a").key(prefix + (1_000_000 + number));
    }
}
