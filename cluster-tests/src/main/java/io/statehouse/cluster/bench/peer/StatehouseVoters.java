package io.statehouse.cluster.bench.peer;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Ground;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.bench.load.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Statehouse whose leader can be killed; the client finds the new one by itself. */
final class StatehouseVoters implements Voters {
    private static final Duration CALL_MAX = Duration.ofSeconds(30);

    private final ProcessCluster cluster;
    private final StatehouseClient client;
    private @Nullable NodeProcess killed;

    StatehouseVoters(Site site, int electionMillis) {
        Map<String, String> settings = new HashMap<>(Map.of("STATEHOUSE_JVM_OPTS", site.nodeFlags()));
        if (electionMillis > 0) {
            settings.put("STATEHOUSE_ELECTION_TIMEOUT_MIN_MS", Integer.toString(electionMillis));
            settings.put("STATEHOUSE_ELECTION_TIMEOUT_MAX_MS", Integer.toString(2 * electionMillis));
        }
        this.cluster = ProcessCluster.start(site.directory().resolve("statehouse"), settings, Ground.PLAIN);
        this.client = StatehouseClient.connect(
                ClientOptions.of(cluster.endpoints())
                        .callTimeout(CALL_MAX)
                        .tryTimeout(Duration.ofMillis(TRY_MILLIS_MAX)),
                Runnable::run);
    }

    @Override
    public Caller writer(int number) {
        Json value = Json.parse(Things.values().getFirst());
        return () -> {
            client.putAsync("writer-" + number, "key", value).join();
            return 1;
        };
    }

    @Override
    public void killLeader() {
        NodeProcess leader = cluster.awaitLeader();
        killed = leader;
        leader.kill();
    }

    @Override
    public void bringBack() {
        if (killed != null) {
            killed.start(false);
        }
        cluster.awaitReady();
        cluster.awaitCaughtUp();
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
    }
}
