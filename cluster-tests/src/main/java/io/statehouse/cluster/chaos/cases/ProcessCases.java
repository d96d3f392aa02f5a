package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.Kill;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.Victim;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.IdempotencyLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.StagedLoad;
import io.statehouse.cluster.chaos.workload.TimeTravelLoad;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import java.time.Duration;
import java.util.List;

/** Processes are killed, stopped and started. */
final class ProcessCases {
    private static final Duration HOLD = Duration.ofMillis(1_500);
    private static final Duration REST = Duration.ofMillis(500);
    private static final Duration GAP_MEDIAN_MAX = Duration.ofSeconds(3);
    private static final Duration GAP_MAX = Duration.ofSeconds(6);

    private ProcessCases() {}

    static List<ChaosCase> all() {
        return List.of(f01());
    }

    private static ChaosCase f01() {
        return ChaosCase.of(
                        "F01", "kill -9 the leader, again and again", Plans.repeat(new Kill(Victim.LEADER), HOLD, REST))
                .under(RegisterLoad::new, AppendLoad::new, BankLoad::new, IdempotencyLoad::new)
                .under(WatchLoad::new, TimeTravelLoad::new, StagedLoad::new)
                .lasting(Duration.ofSeconds(30))
                .demanding(Demands.faultsAtLeast(4), Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX));
    }
}
