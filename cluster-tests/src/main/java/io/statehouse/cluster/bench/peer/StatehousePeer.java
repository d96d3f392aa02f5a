package io.statehouse.cluster.bench.peer;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Commit;
import io.statehouse.client.CommitResult;
import io.statehouse.client.Condition;
import io.statehouse.client.Json;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.FanOut;
import io.statehouse.cluster.bench.load.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Statehouse, through the asynchronous calls of its client. */
final class StatehousePeer implements Peer {
    private static final Duration CALL_MAX = Duration.ofSeconds(30);

    private final ProcessCluster cluster;
    private final StatehouseClient client;
    private final List<Json> values = Things.values().stream().map(Json::parse).toList();
    private final AtomicInteger runs = new AtomicInteger();

    private StatehousePeer(ProcessCluster cluster) {
        this.cluster = cluster;
        // What the benchmarks do with an answer never blocks.
        this.client = StatehouseClient.connect(
                ClientOptions.of(cluster.endpoints()).callTimeout(CALL_MAX).tryTimeout(CALL_MAX), Runnable::run);
    }

    static StatehousePeer start(Site site) {
        var settings = Map.of("STATEHOUSE_JVM_OPTS", site.nodeFlags());
        return new StatehousePeer(ProcessCluster.start(site.directory().resolve("statehouse"), settings, Ground.PLAIN));
    }

    @Override
    public String version() {
        return "Statehouse " + client.version().version();
    }

    @Override
    public void fill() {
        Things.forEach(Things.EVENTS, i -> put(Things.HISTORIAN, Things.historyKey(i), i));
        Things.forEach(
                Things.AGENTS * Things.KEYS_PER_AGENT,
                i -> put(Things.agent(i / Things.KEYS_PER_AGENT), Things.key(i % Things.KEYS_PER_AGENT), i));
    }

    private long put(String agent, String key, int value) {
        return client.putAsync(agent, key, values.get(value % values.size()))
                .join()
                .commitTs();
    }

    @Override
    public boolean can(Workload workload, int callers) {
        return true;
    }

    @Override
    public Sample measure(Workload workload, Drill drill) {
        int run = runs.incrementAndGet();
        if (workload == Workload.WATCH) {
            return FanOut.run(drill, new StatehouseWatched(client, "watched-" + run));
        }
        if (workload == Workload.SESSION) {
            Json unused = client.agentLayer().execute("events.create_session", Map.of("id", session(run)));
        }
        return ClosedLoop.run(drill, number -> caller(workload, run, number));
    }

    private static String session(int run) {
        return "session-" + run;
    }

    private Caller caller(Workload workload, int run, int number) {
        var random = new SplittableRandom(((long) run << Integer.SIZE) | number);
        return switch (workload) {
            case HISTORY -> this::replay;
            case GET -> () -> get(random);
            case COMMIT -> () -> commit(random);
            case TRANSACTION -> new Pair("pair-" + run + "-" + number, random);
            case SESSION -> () -> append(session(run), random);
            case WATCH -> throw new IllegalStateException("not asked of a caller of Statehouse");
        };
    }

    private long replay() {
        int events = 0;
        try (Replay replay = client.replay(ReplayQuery.of(Things.HISTORIAN))) {
            while (replay.hasNext()) {
                replay.next();
                events++;
            }
        }
        if (events != Things.EVENTS) {
            throw new IllegalStateException("a replay of " + events + " events, not of " + Things.EVENTS);
        }
        return events;
    }

    private long get(SplittableRandom random) {
        client.getAsync(agent(random), key(random)).join().require();
        return 1;
    }

    private long commit(SplittableRandom random) {
        put(agent(random), key(random), Things.randomOf(random, values));
        return 1;
    }

    private long append(String session, SplittableRandom random) {
        Json payload = values.get(Things.randomOf(random, values));
        Json unused = client.agentLayer()
                .execute(
                        "events.append",
                        Map.of("session_id", session, "type", "llm_response", "payload", payload.toMap()));
        return 1;
    }

    private static String agent(SplittableRandom random) {
        return Things.agent(random.nextInt(Things.AGENTS));
    }

    private static String key(SplittableRandom random) {
        return Things.key(random.nextInt(Things.KEYS_PER_AGENT));
    }

    /** A caller with two keys of its own. */
    private final class Pair implements Caller {
        private final String prefix;
        private final SplittableRandom random;
        private int generation;
        private long version;

        Pair(String prefix, SplittableRandom random) {
            this.prefix = prefix;
            this.random = random;
        }

        @Override
        public long call() {
            boolean isDone = false;
            try {
                Json value = values.get(Things.randomOf(random, values));
                String agent = prefix + "-" + generation;
                CommitResult result = client.commitAsync(Commit.builder()
                                .require(Condition.versionEquals(StateKey.of(agent, "a"), version))
                                .put(agent, "a", value)
                                .put(agent, "b", value)
                                .build())
                        .join();
                version = result.versions().getFirst();
                isDone = true;
                return 1;
            } finally {
                if (!isDone) {
                    // Whether it was applied may not be known, so these keys are of no more use.
                    generation++;
                    version = 0;
                }
            }
        }
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
    }
}
