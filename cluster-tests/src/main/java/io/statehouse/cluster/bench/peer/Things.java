package io.statehouse.cluster.bench.peer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The agents, keys and values of the comparison, the same for every system. */
final class Things {
    static final int AGENTS = 64;
    static final int KEYS_PER_AGENT = 64;

    /** The agent whose history is read. */
    static final String HISTORIAN = "historian";

    static final int EVENTS = 10_000;
    static final int VALUE_BYTES = 256;

    /** How long a watcher waits before it looks whether it is over. */
    static final Duration WATCHER_WAIT = Duration.ofMillis(200);

    private static final String TIMED = "at";
    private static final int VALUES = 64;
    private static final int FILLERS = 64;
    private static final int HISTORY_KEYS = 100;
    private static final String BEFORE = "{\"d\":\"";
    private static final String AFTER = "\"}";

    // Different values, and none that compresses to nothing.
    private static final List<String> TEXTS =
            IntStream.range(0, VALUES).mapToObj(Things::text).toList();

    private Things() {}

    private static String text(int seed) {
        var text = new StringBuilder(BEFORE);
        new SplittableRandom(seed)
                .ints(VALUE_BYTES - BEFORE.length() - AFTER.length(), 'a', 'z' + 1)
                .forEach(text::appendCodePoint);
        return text.append(AFTER).toString();
    }

    static List<String> values() {
        return TEXTS;
    }

    static List<byte[]> valueBytes() {
        return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    static int randomOf(SplittableRandom random, List<?> values) {
        return random.nextInt(values.size());
    }

    static String agent(int number) {
        return "agent-" + number;
    }

    static String key(int number) {
        return "key-" + number;
    }

    /** The key of an event of the historian. */
    static String historyKey(int event) {
        return key(event % HISTORY_KEYS);
    }

    /** The key of a change that carries a time. */
    static String timedKey(long time) {
        return TIMED + time;
    }

    /** The time that a change carries. */
    static long timeOf(String timedKey) {
        return Long.parseLong(timedKey.substring(timedKey.lastIndexOf(TIMED) + TIMED.length()));
    }

    /** Does something for every number below a count, by several threads. */
    static void forEach(int count, IntConsumer action) {
        var next = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> fillers = IntStream.range(0, FILLERS)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> fill(next, count, action)))
                    .toList();
            for (Future<?> filler : fillers) {
                filler.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a store could not be filled: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a store was filled", e);
        }
    }

    private static void fill(AtomicInteger next, int count, IntConsumer action) {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            action.accept(i);
        }
    }
}
