package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.nemesis.BadWeather;
import io.statehouse.cluster.chaos.nemesis.BadWeather.Reach;
import io.statehouse.cluster.chaos.nemesis.Flicker;
import io.statehouse.cluster.chaos.nemesis.Loss;
import io.statehouse.cluster.chaos.nemesis.Partition;
import io.statehouse.cluster.chaos.nemesis.Partition.Cut;
import io.statehouse.cluster.chaos.nemesis.Plans;
import io.statehouse.cluster.chaos.nemesis.Resets;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Shape;
import io.statehouse.cluster.chaos.verdict.CutOff;
import io.statehouse.cluster.chaos.verdict.Demands;
import io.statehouse.cluster.chaos.workload.AppendLoad;
import io.statehouse.cluster.chaos.workload.BankLoad;
import io.statehouse.cluster.chaos.workload.IdempotencyLoad;
import io.statehouse.cluster.chaos.workload.RegisterLoad;
import io.statehouse.cluster.chaos.workload.WatchLoad;
import io.statehouse.cluster.fault.TcpProxy.Weather;
import java.time.Duration;
import java.util.List;

/** Cables are cut, packets lost, connections slowed and broken. Clients reach every node all the time. */
final class NetworkCases {
    private static final Shape HOSTS = Shape.PLAIN.withNetwork();
    private static final Duration HOLD = Duration.ofSeconds(7);
    private static final Duration REST = Duration.ofSeconds(3);
    private static final Duration GAP_MEDIAN_MAX = Duration.ofSeconds(4);
    private static final Duration GAP_MAX = Duration.ofSeconds(8);
    /** Where the leader is heard and hears nothing, nobody misses it, and it must give up by itself. */
    private static final Duration ONE_WAY_GAP_MAX = Duration.ofSeconds(10);

    private static final Duration FLICKER_MIN = Duration.ofMillis(500);
    private static final Duration FLICKER_MAX = Duration.ofSeconds(2);
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration DRIP = Duration.ofMillis(10);

    private NetworkCases() {}

    static List<ChaosCase> all() {
        return List.of(
                cut(
                                "F07",
                                "cut the leader off from both others: it acknowledges nothing and serves nothing stale",
                                Cut.ISOLATED)
                        .under(RegisterLoad::new, AppendLoad::new, BankLoad::new)
                        .demanding(CutOff.knowsNothing(), Demands.gaps(GAP_MEDIAN_MAX, GAP_MAX)),
                cut("F08", "the leader is heard and hears nothing: it must not block the others for ever", Cut.DEAF)
                        .under(RegisterLoad::new, AppendLoad::new)
                        .demanding(Demands.gaps(ONE_WAY_GAP_MAX, ONE_WAY_GAP_MAX)),
                cut("F09", "the leader hears and is not heard; one follower is not heard", Cut.MUTE, Cut.ONE_WAY)
                        .under(RegisterLoad::new)
                        .demanding(Demands.gaps(GAP_MEDIAN_MAX, ONE_WAY_GAP_MAX)),
                cut("F10", "cut the leader off from one follower: no storm of elections", Cut.ONE_CABLE)
                        .under(RegisterLoad::new, WatchLoad::new)
                        .demanding(Demands.leaderChangesAtMost(1)),
                ChaosCase.of("F12", "cut the leader off for moments, again and again", flicker())
                        .on(HOSTS)
                        .under(RegisterLoad::new, AppendLoad::new, IdempotencyLoad::new)
                        .demanding(Demands.goodputAtLeast(20)),
                ChaosCase.of("F13", "lose 1, 5 and 30 % of the packets between members", repeat(1, 5, 30))
                        .on(HOSTS.withPacketFilters())
                        .under(RegisterLoad::new),
                ChaosCase.of(
                                "F14",
                                "connections between members are late, dripping, silent, reset",
                                Plans.repeat(weathers(), HOLD, REST))
                        .on(Shape.PLAIN.withPeerProxies())
                        .under(RegisterLoad::new, WatchLoad::new)
                        .lasting(Duration.ofSeconds(35)));
    }

    private static ChaosCase cut(String id, String title, Cut... cuts) {
        List<Fault> faults =
                List.of(cuts).stream().map(cut -> (Fault) new Partition(cut)).toList();
        return ChaosCase.of(id, title, Plans.repeat(faults, HOLD, REST)).on(HOSTS);
    }

    private static Plan flicker() {
        return Plans.repeat(new Flicker(new Partition(Cut.ISOLATED), FLICKER_MIN, FLICKER_MAX), HOLD, REST);
    }

    private static Plan repeat(int... percents) {
        List<Fault> losses = java.util.Arrays.stream(percents)
                .mapToObj(percent -> (Fault) new Loss(percent))
                .toList();
        return Plans.repeat(losses, HOLD, REST);
    }

    private static List<Fault> weathers() {
        return List.of(
                new BadWeather("delay 50 ± 50 ms", Weather.delayed(DELAY, DELAY), Reach.EVERYBODY),
                new BadWeather("drip", new Weather(DRIP, Duration.ZERO, 1, false, false), Reach.ONE_FOLLOWER),
                new BadWeather("silence", Weather.silent(), Reach.ONE_FOLLOWER),
                new Resets());
    }
}
