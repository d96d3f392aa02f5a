package io.statehouse.cluster.bench.time;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a large store holds: a hundred agents that did nearly everything, and a hundred that did ten things each, spread over
 * the whole of it.
 *
 * @param events how many events; commit i, counted from 1, is event i
 */
record Scenery(long events) {
    static final int LARGE_AGENTS = 100;
    static final int SMALL_AGENTS = 100;
    static final int EVENTS_OF_SMALL_AGENT = 10;
    static final int KEYS_PER_AGENT = 1_000;
    static final int VALUE_BYTES = 256;
    static final long EVENTS_MIN = 10L * SMALL_AGENTS * EVENTS_OF_SMALL_AGENT;

    private static final String NAMESPACE = "default";
    private static final String BEFORE = "{\"d\":\"";
    private static final String AFTER = "\"}";
    private static final int VALUES = 256;
    private static final List<Json> TEXTS =
            IntStream.range(0, VALUES).mapToObj(Scenery::text).toList();

    Scenery {
        if (events < EVENTS_MIN) {
            throw new IllegalArgumentException("a store of " + events + " events; it must be at least " + EVENTS_MIN);
        }
    }

    private static Json text(int seed) {
        var text = new StringBuilder(BEFORE);
        new SplittableRandom(seed)
                .ints(VALUE_BYTES - BEFORE.length() - AFTER.length(), 'a', 'z' + 1)
                .forEach(text::appendCodePoint);
        return Json.ofTrusted(text.append(AFTER).toString().getBytes(StandardCharsets.UTF_8));
    }

    static String largeAgent(int number) {
        return "large-" + number;
    }

    static String smallAgent(int number) {
        return "small-" + number;
    }

    static String keyName(int number) {
        return "state/key-" + number;
    }

    /** The key that event number {@code event}, counted from 0, puts. */
    Key key(long event, SplittableRandom random) {
        long stride = events / (SMALL_AGENTS * EVENTS_OF_SMALL_AGENT);
        long turn = event / stride;
        if (event % stride == 0 && turn < SMALL_AGENTS * EVENTS_OF_SMALL_AGENT) {
            return new Agent(NAMESPACE, smallAgent((int) (turn % SMALL_AGENTS))).key(keyName(0));
        }
        return new Agent(NAMESPACE, largeAgent(random.nextInt(LARGE_AGENTS)))
                .key(keyName(random.nextInt(KEYS_PER_AGENT)));
    }

    Json value(SplittableRandom random) {
        return TEXTS.get(random.nextInt(VALUES));
    }
}
