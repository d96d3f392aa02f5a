package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.TcpProxy;
import java.util.stream.IntStream;

/** Every connection between members is reset once. Needs peer proxies. */
public record Resets() implements Fault {
    @Override
    public String name() {
        return "reset connections";
    }

    @Override
    public Harm inflict(Scene scene) {
        int nodes = scene.cluster().nodes().size();
        int broken = 0;
        long before = connected(scene);
        for (int from = 1; from <= nodes; from++) {
            for (int to = 1; to <= nodes; to++) {
                broken += from == to ? 0 : scene.site().peerProxy(from, to).resetConnections();
            }
        }
        int ends = broken;
        return new Simple(
                "all",
                () -> {
                    long since = connected(scene) - before;
                    return ends == 0 || since == 0
                            ? null
                            : ends + " sockets were reset, and members connected " + since + " times since";
                },
                () -> {});
    }

    private static long connected(Scene scene) {
        int nodes = scene.cluster().nodes().size();
        return IntStream.rangeClosed(1, nodes)
                .boxed()
                .flatMap(from -> IntStream.rangeClosed(1, nodes)
                        .filter(to -> to != from)
                        .mapToObj(to -> scene.site().peerProxy(from, to)))
                .mapToLong(TcpProxy::connected)
                .sum();
    }
}
