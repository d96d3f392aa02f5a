package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.Kill;
import io.statehouse.cluster.chaos.nemesis.Loss;
import io.statehouse.cluster.chaos.nemesis.Overlap;
import io.statehouse.cluster.chaos.nemesis.Partition;
import io.statehouse.cluster.chaos.nemesis.Partition.Cut;
import io.statehouse.cluster.chaos.nemesis.Pause;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.IdempotencyLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.StagedLoad;
import io.statehouse.cluster.chaos.workload.TimeTravelLoad;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import java.time.Duration;
import java.util.List;

/** Everything at once, by chance. */
final class MixedCases {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(6);

    /** One hand for each means, so that no two of them undo each other's work. */
    private static final List<List<Fault>> HANDS = List.of(
            List.of(new Kill(Victim.ANY), new Kill(Victim.LEADER), new Pause(Victim.ANY)),
            List.of(new Partition(Cut.ISOLATED), new Partition(Cut.DEAF), new Partition(Cut.ONE_CABLE)),
            List.of(new Loss(5), new Loss(20)));

    private MixedCases() {}

    static List<ChaosCase> all() {
        return List.of(ChaosCase.of(
                        "F56",
                        "kills, pauses, partitions and losses overlap by chance",
                        new Overlap(HANDS, LEAST, MOST))
                .on(Shape.PLAIN.withNetwork().withPacketFilters())
                .under(RegisterLoad::new, AppendLoad::new, BankLoad::new, IdempotencyLoad::new)
                .under(WatchLoad::new, TimeTravelLoad::new, StagedLoad::new)
                .lasting(Duration.ofSeconds(60)));
    }
}
