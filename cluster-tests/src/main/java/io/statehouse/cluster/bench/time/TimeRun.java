package io.statehouse.cluster.bench.time;

import io.statehouse.client.Json;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Builds a store of one size, runs a node on it, and measures what its past costs. */
public final class TimeRun {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final int LAST_EVENTS = 10;
    private static final int LOOKS_AT_HEAP = 8;
    private static final int WRITERS = 64;
    private static final Duration WRITING = Duration.ofSeconds(5);

    private final Scenery scenery;
    private final Consumer<String> progress;
    private final SplittableRandom random = new SplittableRandom(2);
    private final Map<String, Double> figures = new LinkedHashMap<>();

    private TimeRun(long events, Consumer<String> progress) {
        this.scenery = new Scenery(events);
        this.progress = progress;
    }

    /**
     * Measures one size.
     *
     * @param places where the store is made, if it is not there yet, and where the node runs
     * @param nodeFlags flags for the JVM of the node
     */
    public static TimeFigures measure(long events, Places places, String nodeFlags, Consumer<String> progress) {
        var run = new TimeRun(events, progress);
        run.measure(places, nodeFlags);
        return new TimeFigures(events, run.figures);
    }

    /**
     * Directories of a run.
     *
     * @param stores a store is made here once for each size, and restored by every run
     * @param node empty; the node's
     */
    public record Places(Path stores, Path node) {}

    /** Says no to a store that is too small for what is measured. */
    public static void requireSize(long events) {
        var unused = new Scenery(events);
    }

    private void measure(Places places, String nodeFlags) {
        Path backup = places.stores().resolve("store-" + scenery.events());
        LargeStore.make(backup, scenery, progress);
        progress.accept("restoring");
        long began = System.nanoTime();
        LargeStore.restore(backup, places.node().resolve("n1"), "n1", scenery);
        figures.put("restore from the backup, s", (System.nanoTime() - began) / NANOS_PER_SECOND);
        try (var node = SingleNode.in(places.node(), Map.of("STATEHOUSE_JVM_OPTS", nodeFlags))) {
            began = System.nanoTime();
            node.found();
            figures.put("first start until ready, s", (System.nanoTime() - began) / NANOS_PER_SECOND);
            try (var client = node.client()) {
                points(client);
                var probe = new HeapProbe(node.node().pid());
                figures.put("limit of the heap, MiB", probe.heapLimitBytes() / BYTES_PER_MIB);
                resident("after the reads", probe);
                replays(client, probe);
                resident("after the replays", probe);
            }
            restart(node);
        }
    }

    private void points(StatehouseClient client) {
        repeat("get", () -> client.get(largeAgent(), anyKey()));
        repeat(
                "get as of any commit",
                () -> client.getAt(largeAgent(), anyKey(), 1 + random.nextLong(scenery.events())));
        repeat(
                "last 10 events of an agent",
                () -> requireEvents(
                        LAST_EVENTS, count(client, ReplayQuery.of(largeAgent()).newest(LAST_EVENTS))));
        repeat(
                "replay of an agent with 10 events",
                () -> requireEvents(Scenery.EVENTS_OF_SMALL_AGENT, count(client, ReplayQuery.of(smallAgent()))));
    }

    private String largeAgent() {
        return Scenery.largeAgent(random.nextInt(Scenery.LARGE_AGENTS));
    }

    private String smallAgent() {
        return Scenery.smallAgent(random.nextInt(Scenery.SMALL_AGENTS));
    }

    private String anyKey() {
        return Scenery.keyName(random.nextInt(Scenery.KEYS_PER_AGENT));
    }

    private void repeat(String name, Runnable call) {
        progress.accept(name);
        Repeated repeated = Repeated.of(call);
        figures.put(name + ", median ms", repeated.medianMillis());
        figures.put(name + ", p99 ms", repeated.p99Millis());
    }

    /** Replays, and counts. */
    static long count(StatehouseClient client, ReplayQuery query) {
        return count(client, query, unused -> {});
    }

    private static long count(StatehouseClient client, ReplayQuery query, LongConsumer each) {
        long events = 0;
        try (Replay replay = client.replay(query)) {
            while (replay.hasNext()) {
                replay.next();
                each.accept(++events);
            }
        }
        return events;
    }

    /** A figure of a replay that is not whole would say something about speed. */
    static void requireEvents(long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException("a replay of " + found + " events where there are " + expected);
        }
    }

    /** Once for the time, and once for the heap: looking at it takes time. */
    private void replays(StatehouseClient client, HeapProbe probe) {
        progress.accept("replay of everything");
        long before = probe.liveBytes();
        long began = System.nanoTime();
        requireEvents(scenery.events(), count(client, ReplayQuery.allAgents()));
        double seconds = (System.nanoTime() - began) / NANOS_PER_SECOND;
        long after = probe.liveBytes();
        long[] most = {0};
        long step = scenery.events() / (LOOKS_AT_HEAP + 1);
        requireEvents(scenery.events(), count(client, ReplayQuery.allAgents(), event -> {
            if (event % step == 0) {
                most[0] = Math.max(most[0], probe.liveBytes());
            }
        }));
        figures.put("replay of everything, s", seconds);
        figures.put("replay of everything, events/s", scenery.events() / seconds);
        figures.put("live heap before it, MiB", before / BYTES_PER_MIB);
        figures.put("growth of the live heap during it, MiB", (most[0] - before) / BYTES_PER_MIB);
        figures.put("growth of the live heap after it, MiB", (after - before) / BYTES_PER_MIB);
    }

    /** After some traffic, so that there is a log to go through. */
    private void restart(SingleNode node) {
        progress.accept("restart");
        double perSecond;
        try (var client = node.client()) {
            Json value = Json.parse("{\"d\":\"after\"}");
            perSecond = ClosedLoop.run(
                            new Drill(WRITERS, Duration.ZERO, WRITING),
                            number -> () -> client.putAsync("writer-" + number, "key", value)
                                    .join()
                                    .versions()
                                    .size())
                    .perSecond();
        }
        figures.put("commits written before the kill", perSecond * WRITING.toSeconds());
        resident("before the kill", new HeapProbe(node.node().pid()));
        node.node().kill();
        long began = System.nanoTime();
        node.restart().awaitReady();
        figures.put("kill -9, restart until ready, ms", (System.nanoTime() - began) / NANOS_PER_MILLI);
        resident("after the restart", new HeapProbe(node.node().pid()));
    }

    private void resident(String when, HeapProbe probe) {
        figures.put("resident " + when + ", MiB", probe.residentBytes() / BYTES_PER_MIB);
        figures.put("most ever resident " + when + ", MiB", probe.mostResidentBytes() / BYTES_PER_MIB);
    }
}
