package io.statehouse.cluster.bench.time;

import io.statehouse.client.Json;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.bench.load.Callers;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.report.PairTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks a small store and a large one the same, in turn, and compares what it costs.
 *
 * <p>Each has a node of its own; while one is asked, the other has nothing to do. Which is first changes from round to round.
 */
public final class GrowthRun {
    private static final int LAST_EVENTS = 10;
    private static final Duration WARM_UP = Duration.ofMillis(500);

    /** For what a store goes on with after commits, so that little of it falls into the turn of the other. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private static final Json VALUE = Json.parse("{\"d\":\"" + "v".repeat(Scenery.VALUE_BYTES - 8) + "\"}");

    private final Plan plan;
    private final Map<Question, List<Sample>> ofSmall = new LinkedHashMap<>();
    private final Map<Question, List<Sample>> ofLarge = new LinkedHashMap<>();

    /**
     * What is measured.
     *
     * @param smallEvents events in the small store
     * @param largeEvents events in the large store
     * @param writers commits under way
     * @param roundsBefore rounds that do not count
     * @param rounds rounds that count
     * @param seconds of each measurement
     * @param nodeFlags flags for the JVM of each node
     */
    public record Plan(
            long smallEvents,
            long largeEvents,
            int writers,
            int roundsBefore,
            int rounds,
            int seconds,
            String nodeFlags) {}

    private enum Question {
        COMMIT("commits"),
        GET("gets"),
        GET_AT("gets as of any commit"),
        TAIL("last 10 events of an agent");

        private final String words;

        Question(String words) {
            this.words = words;
        }
    }

    private GrowthRun(Plan plan) {
        this.plan = plan;
    }

    /** Starts a node on each store, and measures. */
    public static PairTable measure(Plan plan, TimeRun.Places places, Consumer<String> progress) {
        var run = new GrowthRun(plan);
        try (var small = RestoredNode.start(new Scenery(plan.smallEvents()), places, plan.nodeFlags(), progress);
                var large = RestoredNode.start(new Scenery(plan.largeEvents()), places, plan.nodeFlags(), progress)) {
            for (int round = 1 - plan.roundsBefore(); round <= plan.rounds(); round++) {
                run.round(round, small, large);
                progress.accept("round " + round + " of " + plan.rounds() + ": " + small.commits() + " and "
                        + large.commits() + " commits in the end");
            }
        }
        return run.table();
    }

    /** Rounds are counted from 1; those before do not count. */
    private void round(int round, RestoredNode small, RestoredNode large) {
        for (Question question : Question.values()) {
            boolean isSmallFirst = round % 2 == 0;
            Sample first = ask(question, isSmallFirst ? small : large, round);
            Sample second = ask(question, isSmallFirst ? large : small, round);
            if (round > 0) {
                samples(ofSmall, question).add(isSmallFirst ? first : second);
                samples(ofLarge, question).add(isSmallFirst ? second : first);
            }
        }
    }

    private static List<Sample> samples(Map<Question, List<Sample>> all, Question question) {
        return all.computeIfAbsent(question, unused -> new ArrayList<>());
    }

    private Sample ask(Question question, RestoredNode node, int round) {
        Duration measured = Duration.ofSeconds(plan.seconds());
        Sample sample = ClosedLoop.run(
                new Drill(question == Question.COMMIT ? plan.writers() : 1, WARM_UP, measured),
                callers(question, node, round));
        if (sample.failures() > 0) {
            throw new IllegalStateException(sample.failures() + " " + question.words + " failed");
        }
        if (question == Question.COMMIT) {
            Await.pause(SETTLING);
        }
        return sample;
    }

    private static Callers callers(Question question, RestoredNode node, int round) {
        StatehouseClient client = node.client();
        return number -> {
            var random = new SplittableRandom(round * 10_000L + number);
            return switch (question) {
                case COMMIT ->
                    () -> {
                        node.committed(
                                client.put(agent(random), key(random), VALUE).commitTs());
                        return 1;
                    };
                case GET ->
                    () -> {
                        var unused = client.get(agent(random), key(random));
                        return 1;
                    };
                case GET_AT ->
                    () -> {
                        var unused = client.getAt(agent(random), key(random), 1 + random.nextLong(node.eventsBefore()));
                        return 1;
                    };
                case TAIL ->
                    () -> {
                        long found = TimeRun.count(
                                client, ReplayQuery.of(agent(random)).newest(LAST_EVENTS));
                        TimeRun.requireEvents(LAST_EVENTS, found);
                        return 1;
                    };
            };
        };
    }

    private static String agent(SplittableRandom random) {
        return Scenery.largeAgent(random.nextInt(Scenery.LARGE_AGENTS));
    }

    private static String key(SplittableRandom random) {
        return Scenery.keyName(random.nextInt(Scenery.KEYS_PER_AGENT));
    }

    private PairTable table() {
        var table = new PairTable("events in the store", number(plan.smallEvents()), number(plan.largeEvents()));
        for (Question question : Question.values()) {
            row(table, question, "/s", Sample::perSecond);
            row(table, question, ", p50 ms", Sample::p50Millis);
            row(table, question, ", p99 ms", Sample::p99Millis);
        }
        return table;
    }

    private void row(PairTable table, Question question, String unit, Function<Sample, Double> figure) {
        table.row(
                question.words + unit,
                samples(ofSmall, question).stream().map(figure).toList(),
                samples(ofLarge, question).stream().map(figure).toList());
    }

    private static String number(long events) {
        return String.format(Locale.ROOT, "%,d", events);
    }
}
