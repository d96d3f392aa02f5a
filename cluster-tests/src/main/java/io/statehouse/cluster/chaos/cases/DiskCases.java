package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.CrashPoint;
import io.statehouse.cluster.chaos.nemesis.DamagedFile;
import io.statehouse.cluster.chaos.nemesis.DamagedStore;
import io.statehouse.cluster.chaos.nemesis.DamagedStore.Damage;
import io.statehouse.cluster.chaos.nemesis.FailingDisk;
import io.statehouse.cluster.chaos.nemesis.FullDisk;
import io.statehouse.cluster.chaos.nemesis.NodeEnd;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.PowerCut;
import io.statehouse.cluster.chaos.nemesis.SlowDisk;
import io.statehouse.cluster.chaos.nemesis.TornLog;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.scenario.Shape.Tool;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.TimeTravelLoad;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import io.statehouse.cluster.fault.Injection;
import java.time.Duration;
import java.util.List;

/** Disks forget, lie, stall, fill up and fail. */
final class DiskCases {
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration STALL = Duration.ofMillis(100);
    /** Longer than a node keeps what it has applied in memory only: by then it has found out. */
    private static final Duration FULL = Duration.ofSeconds(8);

    private static final int CALLS_MAX = 30;
    private static final int TORN_BYTES_MAX = 400;
    /** So little that segments are rolled and purged while the case runs. */
    private static final Shape LITTLE_LOG =
            Shape.PLAIN.with("STATEHOUSE_SNAPSHOT_INTERVAL", "200").with("STATEHOUSE_LOG_SEGMENT_BYTES", "65536");

    /** Room for a log and a state, above the half gigabyte that only deletes may use. */
    private static final int DISK_MEGABYTES = 1_024;

    private DiskCases() {}

    static List<ChaosCase> all() {
        return List.of(f20(), f21(), f22(), f25(), f26(), f28(), f30(), f35(), f36(), f37(), f38(), f39());
    }

    private static ChaosCase f20() {
        return ChaosCase.of(
                        "F20",
                        "a follower is killed at a chosen call: force, write, rename, delete",
                        Plans.repeat(
                                List.of(
                                        new CrashPoint(Injection.SYNCS, CALLS_MAX),
                                        new CrashPoint(Injection.WRITES, CALLS_MAX),
                                        new CrashPoint("rename,renameat,renameat2", 1),
                                        new CrashPoint("unlink,unlinkat", 2)),
                                HOLD,
                                REST))
                .on(LITTLE_LOG.with(Tool.CALLS))
                .lasting(Duration.ofSeconds(40));
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

    private static ChaosCase f25() {
        return ChaosCase.of(
                        "F25",
                        "a follower is started on a log whose end is torn off",
                        Plans.repeat(new TornLog(Victim.FOLLOWER, TORN_BYTES_MAX), HOLD, REST))
                .demanding(Demands.faultsAtLeast(2), Demands.saw(TornLog.SIGHT, TornLog.REPAIRED, TornLog.REFUSED));
    }

    private static ChaosCase f28() {
        List<Fault> faults = List.of(
                new DamagedStore(Victim.FOLLOWER, Kind.SST, Damage.FLIPPED),
                new DamagedStore(Victim.FOLLOWER, Kind.MANIFEST, Damage.FLIPPED),
                new DamagedStore(Victim.FOLLOWER, Kind.SST, Damage.GONE),
                new DamagedStore(Victim.FOLLOWER, Kind.SST, Damage.CUT),
                new DamagedStore(Victim.FOLLOWER, Kind.CURRENT, Damage.FLIPPED),
                new DamagedStore(Victim.FOLLOWER, Kind.OPTIONS, Damage.FLIPPED),
                new DamagedStore(Victim.FOLLOWER, Kind.MANIFEST, Damage.GONE));
        return ChaosCase.of(
                        "F28",
                        "a follower is started on a database with a flipped bit, a short file or none",
                        scene -> faults.forEach(fault -> scene.strike(fault, HOLD)))
                .under(RegisterLoad::new)
                .demanding(
                        Demands.saw(DamagedStore.SIGHT, DamagedStore.REFUSED, DamagedStore.FOUND, DamagedStore.WHOLE));
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
                        Plans.repeat(new FullDisk(Victim.FOLLOWER), FULL, REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .demanding(Demands.saw(FullDisk.SIGHT, NodeEnd.STOPPED, NodeEnd.GUARDED, NodeEnd.SERVES));
    }

    private static ChaosCase f36() {
        return ChaosCase.of(
                        "F36", "the disk of the leader is full", Plans.repeat(new FullDisk(Victim.LEADER), FULL, REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .under(RegisterLoad::new)
                .demanding(Demands.saw(FullDisk.SIGHT, NodeEnd.STOPPED, NodeEnd.GUARDED, NodeEnd.SERVES));
    }

    private static ChaosCase f37() {
        return ChaosCase.of(
                        "F37",
                        "the disks of all nodes are full at once: writes come back when there is room",
                        Plans.repeat(new FullDisk(null), FULL, REST))
                .on(Shape.PLAIN.withDisks(DISK_MEGABYTES))
                .demanding(Demands.saw(FullDisk.SIGHT, NodeEnd.STOPPED, NodeEnd.GUARDED, NodeEnd.SERVES));
    }

    private static ChaosCase f38() {
        return ChaosCase.of(
                        "F38",
                        "every force to the disk of a follower, then of the leader, takes 100 ms longer",
                        Plans.repeat(
                                List.of(new SlowDisk(Victim.FOLLOWER, STALL), new SlowDisk(Victim.LEADER, STALL)),
                                Duration.ofSeconds(5),
                                REST))
                .on(Shape.PLAIN.with(Tool.CALLS))
                .under(RegisterLoad::new)
                .demanding(Demands.leaderChangesAtMost(0));
    }

    private static ChaosCase f39() {
        return ChaosCase.of(
                        "F39",
                        "every force to the disk of the leader fails with EIO",
                        Plans.repeat(new FailingDisk(Victim.LEADER), HOLD, REST))
                .on(Shape.PLAIN.with(Tool.CALLS))
                .demanding(Demands.saw(FailingDisk.SIGHT, NodeEnd.STOPPED, NodeEnd.GUARDED));
    }
}
