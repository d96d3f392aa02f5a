package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.chaos.workload.RecordedClient;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.command.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Many more callers than the cluster can serve, each of which asks again so long after it was answered. */
public record Flood(int callers, Duration between) implements Fault {
    private static final int VALUE_CHARS = 1_000;
    private static final int KEYS = 100;

    @Override
    public String name() {
        return "flood of " + callers + " callers";
    }

    @Override
    public Harm inflict(Scene scene) {
        var flooding = new Flooding(scene, this);
        flooding.threads.forEach(Thread::start);
        return flooding;
    }

    private static final class Flooding implements Harm {
        private final Scene scene;
        private final long before;
        private final Duration between;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean isStopping;

        Flooding(Scene scene, Flood flood) {
            this.scene = scene;
            this.between = flood.between();
            this.before = scene.tally().commits();
            for (int i = 0; i < flood.callers(); i++) {
                int caller = i;
                threads.add(Thread.ofPlatform().name("flood-" + i).daemon().unstarted(() -> pour(caller)));
            }
        }

        private void pour(int caller) {
            var agent = new Agent(Agent.DEFAULT_NAMESPACE, "flood-" + caller);
            var value = Json.ofTrusted(("\"" + "x".repeat(VALUE_CHARS) + "\"").getBytes(StandardCharsets.UTF_8));
            try (RecordedClient client = scene.hireClient()) {
                for (int i = 0; !isStopping; i++) {
                    var put = new Operation.Put(agent.key("key-" + i % KEYS), value);
                    var unused = client.commit(client.newId(), List.of(put), List.of());
                    Await.pause(between);
                }
            }
        }

        @Override
        public String target() {
            return "all nodes";
        }

        @Override
        public @Nullable String evidence() {
            long commits = scene.tally().commits() - before;
            return commits >= threads.size() ? commits + " commits since it began" : null;
        }

        @Override
        public void heal() {
            isStopping = true;
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
