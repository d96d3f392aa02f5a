package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.InterruptedInstall;
import io.statehouse.cluster.chaos.nemesis.InterruptedInstall.End;
import io.statehouse.cluster.chaos.nemesis.LostDisk;
import io.statehouse.cluster.chaos.nemesis.MemberOutAndIn;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.RefusedChanges;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.StagedLoad;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import java.time.Duration;
import java.util.List;

/** Members lose what they know, leave, and come back as somebody new. */
final class MemberCases {
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration GAP_MEDIAN_MAX = Duration.ofSeconds(1);
    private static final Duration GAP_MAX = Duration.ofSeconds(3);
    /** One of the two that are left is killed: nothing is acknowledged until it runs again. */
    private static final Duration RESTART_GAP_MAX = Duration.ofSeconds(20);
    /** So little that the log of the past is purged before the lost node is back. */
    private static final Shape LITTLE_LOG =
            Shape.PLAIN.with("STATEHOUSE_SNAPSHOT_INTERVAL", "200").with("STATEHOUSE_LOG_SEGMENT_BYTES", "65536");

    private MemberCases() {}

    static List<ChaosCase> all() {
        return List.of(
                ChaosCase.of(
                                "F33",
                                "a follower loses its disk under load, after the log was purged, and is let in again",
                                Plans.repeat(new LostDisk(Victim.FOLLOWER), HOLD, REST))
                        .on(LITTLE_LOG)
                        .under(AppendLoad::new, WatchLoad::new)
                        .demanding(
                                Demands.saw(LostDisk.SIGHT, LostDisk.REFUSED),
                                Demands.saw(LostDisk.WAY, LostDisk.SNAPSHOT),
                                Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX)),
                ChaosCase.of(
                                "F34",
                                "the receiver, then the sender of a snapshot is killed before it is installed",
                                Plans.repeat(
                                        List.of(
                                                new InterruptedInstall(End.RECEIVER),
                                                new InterruptedInstall(End.SENDER)),
                                        HOLD,
                                        REST))
                        .on(LITTLE_LOG)
                        .lasting(Duration.ofSeconds(60))
                        .under(AppendLoad::new)
                        .demanding(
                                Demands.faultsAtLeast(2),
                                Demands.saw(InterruptedInstall.SIGHT, InterruptedInstall.TIDY)),
                ChaosCase.of(
                                "F40",
                                "members leave and come back under load",
                                Plans.repeat(new MemberOutAndIn(false), HOLD, REST))
                        .under(RegisterLoad::new, AppendLoad::new, StagedLoad::new)
                        .demanding(Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX)),
                ChaosCase.of(
                                "F41",
                                "the leader is killed while members leave and come back",
                                Plans.repeat(new MemberOutAndIn(true), HOLD, REST))
                        .under(AppendLoad::new)
                        .demanding(Demands.gaps(RESTART_GAP_MAX, RESTART_GAP_MAX)),
                ChaosCase.of(
                                "F42",
                                "changes of the members that must not be made are refused with the reason",
                                new RefusedChanges())
                        .under(RegisterLoad::new)
                        .lasting(Duration.ofSeconds(15))
                        .demanding(
                                Demands.saw(RefusedChanges.ANSWERS, RefusedChanges.REFUSED),
                                Demands.leaderChangesAtMost(0)));
    }
}
