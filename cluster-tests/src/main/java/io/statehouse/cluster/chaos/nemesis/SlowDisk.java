package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.Injection;
import io.statehouse.cluster.fault.SyscallInjector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every force to the disk of a node takes longer. */
public record SlowDisk(Victim victim, Duration delay) implements Fault {
    @Override
    public String name() {
        return "disk of " + victim + " slower by " + delay.toMillis() + " ms";
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        var injector = SyscallInjector.attach(node.pid(), Injection.delaying(Injection.SYNCS, delay));
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                long hits = injector.hits();
                return hits > 0 ? hits + " forces held up" : null;
            }

            @Override
            public void heal() {
                injector.close();
            }
        };
    }
}
