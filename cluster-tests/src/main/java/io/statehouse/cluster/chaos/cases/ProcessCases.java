package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.ClockJump;
import io.statehouse.cluster.chaos.nemesis.Flicker;
import io.statehouse.cluster.chaos.nemesis.Handover;
import io.statehouse.cluster.chaos.nemesis.Kill;
import io.statehouse.cluster.chaos.nemesis.KillMany;
import io.statehouse.cluster.chaos.nemesis.Pause;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.RollingRestart;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.scenario.Shape.Tool;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.IdempotencyLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.StagedLoad;
import io.statehouse.cluster.chaos.workload.TimeTravelLoad;
import io.statehouse.cluster.chaos.workload.Traffic;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Processes are killed, stopped and started, and leadership changes hands. */
final class ProcessCases {
    private static final Duration HOLD = Duration.ofMillis(1_500);
    private static final Duration REST = Duration.ofMillis(500);
    private static final Duration LONG_HOLD = Duration.ofSeconds(6);
    private static final Duration LONG_REST = Duration.ofSeconds(2);
    private static final Duration GAP_MEDIAN_MAX = Duration.ofSeconds(3);
    private static final Duration GAP_MAX = Duration.ofSeconds(6);
    private static final Duration SMALL_GAP_MEDIAN_MAX = Duration.ofMillis(700);
    private static final Duration SMALL_GAP_MAX = Duration.ofSeconds(3);
    private static final Duration FLICKER = Duration.ofMillis(200);
    private static final Duration PIECE_MIN = Duration.ofMillis(20);
    private static final Duration PIECE_MAX = Duration.ofMillis(300);
    private static final int STARVED_PERCENT = 20;
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(8));

    private static final List<Duration> JUMPS =
            List.of(Duration.ofHours(-1), Duration.ofDays(-3_650), Duration.ofHours(1), Duration.ofDays(3_650));

    private ProcessCases() {}

    static List<ChaosCase> all() {
        return Stream.of(killsAndStops(), changesOfHands(), List.of(f16()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ChaosCase> killsAndStops() {
        return List.of(
                ChaosCase.of("F01", "kill -9 the leader, again and again", repeat(new Kill(Victim.LEADER)))
                        .under(RegisterLoad::new, AppendLoad::new, BankLoad::new, IdempotencyLoad::new)
                        .under(WatchLoad::new, TimeTravelLoad::new, StagedLoad::new)
                        .demanding(Demands.faultsAtLeast(2), Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX)),
                ChaosCase.of("F02", "kill -9 a follower, again and again", repeat(new Kill(Victim.FOLLOWER)))
                        .under(RegisterLoad::new, WatchLoad::new)
                        .demanding(Demands.faultsAtLeast(2), Demands.gaps(SMALL_GAP_MEDIAN_MAX, SMALL_GAP_MAX)),
                ChaosCase.of("F03", "kill -9 all nodes at the same moment", repeat(new KillMany(3)))
                        .under(BankLoad::new, TimeTravelLoad::new)
                        .demanding(Demands.faultsAtLeast(2)),
                ChaosCase.of(
                                "F04",
                                "kill two of three: the survivor acknowledges nothing",
                                Plans.repeat(new KillMany(2), LONG_HOLD, LONG_REST))
                        .under(RegisterLoad::new)
                        .lasting(Duration.ofSeconds(15))
                        .demanding(Demands.nothingAcknowledgedDuring("kill 2 nodes", Duration.ofSeconds(1))),
                ChaosCase.of(
                                "F05",
                                "stop the leader for 0.3, 1, 3 and 8 s: when it wakes it serves nothing stale",
                                pauses())
                        .under(RegisterLoad::new, AppendLoad::new, WatchLoad::new)
                        .demanding(Demands.faultsAtLeast(PAUSES.size())),
                ChaosCase.of(
                                "F06",
                                "stop a follower for 200 ms, again and again: no election",
                                Plans.repeat(
                                        new Flicker(new Pause(Victim.FOLLOWER), FLICKER, FLICKER),
                                        LONG_HOLD,
                                        LONG_REST))
                        .demanding(Demands.leaderChangesAtMost(1)),
                ChaosCase.of(
                                "F18",
                                "the leader gets half of its time only, in pieces: slow it may be, never wrong",
                                Plans.repeat(
                                        new Flicker(new Pause(Victim.LEADER), PIECE_MIN, PIECE_MAX),
                                        LONG_HOLD,
                                        LONG_REST))
                        .under(RegisterLoad::new, WatchLoad::new)
                        .demanding(Demands.goodputAtLeast(STARVED_PERCENT)));
    }

    private static List<ChaosCase> changesOfHands() {
        return List.of(
                ChaosCase.of("F43", "hand leadership over under load", repeat(new Handover()))
                        .under(RegisterLoad::new, IdempotencyLoad::new)
                        .amongCallersOfAll()
                        .demanding(
                                Demands.faultsAtLeast(3),
                                Demands.noFailedCalls(Traffic.CALL_MAX),
                                Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX)),
                ChaosCase.of(
                                "F44",
                                "restart one node after the other, as for an upgrade",
                                new RollingRestart(LONG_REST))
                        .under(RegisterLoad::new, WatchLoad::new)
                        .amongCallersOfAll()
                        .lasting(Duration.ofSeconds(15))
                        .demanding(Demands.faultsAtLeast(3), Demands.noFailedCalls(Traffic.CALL_MAX)));
    }

    private static ChaosCase f16() {
        return ChaosCase.of(
                        "F16",
                        "the clock of the leader jumps by an hour and by ten years: commits keep the true time",
                        jumps())
                .on(Shape.PLAIN.with(Tool.CLOCKS))
                .under(IdempotencyLoad::new, TimeTravelLoad::new, RegisterLoad::new)
                .demanding(
                        Demands.faultsAtLeast(JUMPS.size()),
                        Demands.saw(ClockJump.LOG_TIME, ClockJump.TRUE),
                        Demands.logTimeNeverTurnsBack());
    }

    private static Plan repeat(io.statehouse.cluster.chaos.scenario.Fault fault) {
        return Plans.repeat(fault, HOLD, REST);
    }

    /** Ahead comes last: log time is never put back, so what it took from a clock that is ahead would stay. */
    private static Plan jumps() {
        return scene -> {
            for (Duration jump : JUMPS) {
                scene.strike(new ClockJump(jump), LONG_HOLD);
                scene.rest(LONG_REST);
            }
        };
    }

    private static Plan pauses() {
        return scene -> {
            do {
                for (Duration pause : PAUSES) {
                    scene.strike(new Pause(Victim.LEADER), pause);
                    scene.rest(LONG_REST);
                }
            } while (!scene.isOver());
        };
    }
}
