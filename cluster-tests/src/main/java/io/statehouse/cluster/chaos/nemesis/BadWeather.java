package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.TcpProxy;
import io.statehouse.cluster.fault.TcpProxy.Weather;
import java.util.ArrayList;
import java.util.List;

/** What members say to each other comes late, drop by drop, or not at all. Needs peer proxies. */
public record BadWeather(String name, Weather weather, Reach reach) implements Fault {
    /** Whose connections it is about. */
    public enum Reach {
        /** All between members. */
        EVERYBODY,
        /** Those to and from one follower. */
        ONE_FOLLOWER
    }

    @Override
    public Harm inflict(Scene scene) {
        var victim = scene.numberOf(Victim.FOLLOWER.pick(scene));
        List<TcpProxy> proxies = new ArrayList<>();
        int nodes = scene.cluster().nodes().size();
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                boolean isMeant = reach == Reach.EVERYBODY || from == victim || to == victim;
                if (from != to && isMeant) {
                    proxies.add(scene.site().peerProxy(from, to));
                }
            }
        }
        long before = passed(proxies);
        proxies.forEach(proxy -> proxy.setWeather(weather));
        return new Simple(
                reach == Reach.EVERYBODY ? "all" : "n" + victim,
                () -> {
                    long since = passed(proxies) - before;
                    boolean isSilent = weather.isForwardSilent();
                    return isSilent || since > 0 ? "the proxies passed on " + since + " pieces since" : null;
                },
                () -> proxies.forEach(proxy -> proxy.setWeather(Weather.FAIR)));
    }

    private static long passed(List<TcpProxy> proxies) {
        return proxies.stream().mapToLong(TcpProxy::passed).sum();
    }
}
