package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.Flood;
import io.statehouse.cluster.chaos.nemesis.Handover;
import io.statehouse.cluster.chaos.nemesis.HugeRequests;
import io.statehouse.cluster.chaos.nemesis.Kill;
import io.statehouse.cluster.chaos.nemesis.KillMany;
import io.statehouse.cluster.chaos.nemesis.LostAnswers;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.StuckReaders;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.IdempotencyLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.SessionLoad;
import io.statehouse.cluster.chaos.workload.StagedLoad;
import io.statehouse.cluster.chaos.workload.ToolLoad;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Clients repeat themselves, hear no answers, ask too much, or stop to listen. */
final class ClientCases {
    private static final Duration HOLD = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final int MANY_CALLERS = 8;
    private static final int CROWD = 64;
    /** So long that two processors have something left for nodes that start, beside their callers. */
    private static final Duration CROWD_PAUSE = Duration.ofMillis(100);

    private static final int ALL_NODES = 3;
    private static final Duration FLOOD = Duration.ofSeconds(5);
    private static final int REPEATED_MIN = 10;
    /** Longer than Ratis remembers a call by itself. */
    private static final Duration PAST_RETRY_CACHE = Duration.ofSeconds(65);
    /** So little that the log is purged and members are rebuilt while the case runs. */
    private static final Shape LITTLE_LOG =
            Shape.PLAIN.with("STATEHOUSE_SNAPSHOT_INTERVAL", "200").with("STATEHOUSE_LOG_SEGMENT_BYTES", "1048576");

    private ClientCases() {}

    static List<ChaosCase> all() {
        return Stream.of(crowds(), repeats(), List.of(f58()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ChaosCase> crowds() {
        return List.of(
                ChaosCase.of(
                                "F45",
                                "many more callers than can be served: no election, and all is as before when they leave",
                                Plans.repeat(new Flood(CROWD, Duration.ZERO), FLOOD, FLOOD))
                        .under(RegisterLoad::new)
                        .demanding(Demands.leaderChangesAtMost(0)),
                ChaosCase.of(
                                "F55",
                                "all nodes are killed under a crowd, which comes back at once",
                                Plans.within(new Flood(CROWD, CROWD_PAUSE), new KillMany(ALL_NODES), HOLD, FLOOD))
                        .under(WatchLoad::new)
                        .demanding(Demands.faultsAtLeast(2)),
                ChaosCase.of("F46", "hundreds of watchers read nothing: memory stays flat", new StuckReaders())
                        .under(WatchLoad::new)
                        .demanding(Demands.saw(StuckReaders.MEMORY, StuckReaders.FLAT)),
                ChaosCase.of(
                                "F47",
                                "values, keys and transactions at their limit and just above it",
                                new HugeRequests())
                        .demanding(Demands.saw(HugeRequests.ANSWERS, HugeRequests.EXACT)));
    }

    private static List<ChaosCase> repeats() {
        return List.of(
                ChaosCase.of(
                                "F52",
                                "acknowledgements are lost on the way, and callers send again",
                                Plans.repeat(
                                        List.of(new LostAnswers(Victim.LEADER), new LostAnswers(Victim.ANY)),
                                        HOLD,
                                        REST))
                        .on(Shape.PLAIN.withClientProxies())
                        .under(IdempotencyLoad::new, StagedLoad::new, RegisterLoad::new)
                        .demanding(Demands.repeatedAtLeast(REPEATED_MIN)),
                ChaosCase.of(
                                "F53",
                                "old transaction ids across kills and snapshots, long after Ratis has forgotten them",
                                Plans.repeat(List.of(new Kill(Victim.LEADER), new Kill(Victim.FOLLOWER)), HOLD, HOLD))
                        .on(LITTLE_LOG)
                        .under(IdempotencyLoad::new, IdempotencyLoad::new)
                        .lasting(PAST_RETRY_CACHE),
                ChaosCase.of(
                                "F54",
                                "one transaction id, other contents, many callers and changing leaders",
                                Plans.repeat(new Handover(), HOLD, REST))
                        .under(() -> new IdempotencyLoad(MANY_CALLERS))
                        .lasting(Duration.ofSeconds(15)));
    }

    private static ChaosCase f58() {
        return ChaosCase.of(
                        "F58",
                        "sessions, leases and tools while leaders are killed and answers are lost",
                        Plans.repeat(
                                List.of(new Kill(Victim.LEADER), new LostAnswers(Victim.ANY), new Handover()),
                                HOLD,
                                REST))
                .on(Shape.PLAIN.withClientProxies())
                .under(SessionLoad::new, ToolLoad::new)
                .demanding(Demands.faultsAtLeast(3));
    }
}
