package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.TcpProxy;
import io.statehouse.cluster.fault.TcpProxy.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members say to each other comes late, drop by drop, or not at all. Needs peer proxies. */
public record BadWeather(String name, Weather weather, Reach reach) implements Fault {
    private static final int PIECES_MIN = 20;

    /** Whose connections it is about. */
    public enum Reach {
        /** All between members. */
        EVERYBODY,
        /** Those to and from one follower. */
        ONE_FOLLOWER
    }

    @Override
    public Harm inflict(Scene scene) {
        NodeProcess follower = Victim.FOLLOWER.pick(scene);
        NodeProcess leader = scene.cluster().awaitLeader();
        List<TcpProxy> proxies = proxies(scene, scene.numberOf(follower));
        var before = Account.of(proxies);
        proxies.forEach(proxy -> proxy.setWeather(weather));
        boolean isAll = reach == Reach.EVERYBODY;
        return new Simple(
                isAll ? "all" : follower.id(),
                () -> isAll ? slow(before, Account.of(proxies)) : Evidence.lagging(scene, follower, leader),
                () -> proxies.forEach(proxy -> proxy.setWeather(Weather.FAIR)));
    }

    private List<TcpProxy> proxies(Scene scene, int victim) {
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
        return proxies;
    }

    /** What passed was late on average as was meant; null while too little has passed to say so. */
    private @Nullable String slow(Account before, Account now) {
        long pieces = now.pieces() - before.pieces();
        if (pieces < PIECES_MIN) {
            return null;
        }
        Duration each = now.held().minus(before.held()).dividedBy(pieces);
        return each.compareTo(weather.delay()) < 0
                ? null
                : pieces + " pieces passed the proxies, " + each.toMillis() + " ms late on average";
    }

    private record Account(long pieces, Duration held) {
        static Account of(List<TcpProxy> proxies) {
            return new Account(
                    proxies.stream().mapToLong(TcpProxy::passed).sum(),
                    proxies.stream().map(TcpProxy::held).reduce(Duration.ZERO, Duration::plus));
        }
    }
}
