package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.DamagedFile;
import io.statehouse.cluster.chaos.nemesis.FailingDisk;
import io.statehouse.cluster.chaos.nemesis.FullDisk;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.PowerCut;
import io.statehouse.cluster.chaos.nemesis.SlowDisk;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.TimeTravelLoad;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import java.time.Duration;
import java.util.List;

/** Disks forget, lie, stall, fill up and fail. */
final class DiskCases {
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration STALL = Duration.ofMillis(100);
    /** A node does not start with less than half a gigabyte free. */
    private static final int DISK_MEGABYTES = 1_024;

    private DiskCases() {}

    static List<ChaosCase> all() {
        return List.of(f21(), f22(), f26(), f30(), f35(), f36(), f38(), f39());
    }

    private static ChaosCase f21() {
        return ChaosCase.of(
                        "F21",
                        "power cut of the leader, again and again",
                        Plans.repeat(new PowerCut(Victim.LEADER), HOLD, REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .under(RegisterLoad::new, BankLoad::new);
    }

    private static ChaosCase f22() {
        return ChaosCase.of(
                        "F22",
                        "power cut of all nodes at the same instant, again and again",
                        Plans.repeat(new PowerCut(null), Duration.ofMillis(1), REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .under(AppendLoad::new, TimeTravelLoad::new)
                .demanding(Demands.faultsAtLeast(2));
    }

    private static ChaosCase f26() {
        return ChaosCase.of(
                        "F26",
                        "a follower is started on a log with one bit flipped",
                        Plans.repeat(new DamagedFile(Victim.FOLLOWER, Kind.RAFT_LOG), HOLD, REST))
                .demanding(Demands.saw(DamagedFile.SIGHT, DamagedFile.REFUSED));
    }

    private static ChaosCase f30() {
        var files = List.of(Kind.VOTE, Kind.CONFIGURATION, Kind.IDENTITY, Kind.MARKS).stream()
                .map(kind -> new DamagedFile(Victim.FOLLOWER, kind))
                .toList();
        return ChaosCase.of(
                        "F30",
                        "a follower is started on a damaged vote, configuration, identity or mark",
                        scene -> files.forEach(file -> scene.strike(file, HOLD)))
                .demanding(Demands.saw(DamagedFile.SIGHT, DamagedFile.REFUSED));
    }

    private static ChaosCase f35() {
        return ChaosCase.of(
                        "F35",
                        "the disk of a follower is full",
                        Plans.repeat(new FullDisk(Victim.FOLLOWER), Duration.ofSeconds(4), REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES));
    }

    private static ChaosCase f36() {
        return ChaosCase.of(
                        "F36",
                        "the disk of the leader is full",
                        Plans.repeat(new FullDisk(Victim.LEADER), Duration.ofSeconds(4), REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .under(RegisterLoad::new);
    }

    private static ChaosCase f38() {
        return ChaosCase.of(
                        "F38",
                        "every force to the disk of a follower, then of the leader, takes 100 ms longer",
                        Plans.repeat(
                                List.of(new SlowDisk(Victim.FOLLOWER, STALL), new SlowDisk(Victim.LEADER, STALL)),
                                Duration.ofSeconds(5),
                                REST))
                .under(RegisterLoad::new)
                .demanding(Demands.leaderChangesAtMost(0));
    }

    private static ChaosCase f39() {
        return ChaosCase.of(
                        "F39",
                        "every force to the disk of the leader fails with EIO",
                        Plans.repeat(new FailingDisk(Victim.LEADER), HOLD, REST))
                .demanding(Demands.saw(FailingDisk.SIGHT, FailingDisk.STOPPED));
    }
}
