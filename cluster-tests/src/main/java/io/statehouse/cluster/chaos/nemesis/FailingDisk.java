package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.Injection;
import io.statehouse.cluster.fault.SyscallInjector;
import org.jspecify.annotations.Nullable;

/** No force to the disk of a node succeeds any more; the node must end by itself, and is started again on a good disk. */
public record FailingDisk(Victim victim) implements Fault {
    /** What the plan sees of the end of the node; {@link NodeEnd#STOPPED} is right. */
    public static final String SIGHT = "a node whose disk fails";

    @Override
    public String name() {
        return "disk of " + victim + " fails";
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        scene.excuse(node);
        var injector = SyscallInjector.attach(node.pid(), Injection.failing(Injection.SYNCS, "EIO"));
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                return Kill.exit(node);
            }

            @Override
            public void heal() {
                scene.marks().seen(SIGHT, NodeEnd.of(node));
                injector.close();
                if (node.isAlive()) {
                    scene.kill(node);
                }
                scene.revive(node);
                scene.awaitReady(node);
            }
        };
    }
}
