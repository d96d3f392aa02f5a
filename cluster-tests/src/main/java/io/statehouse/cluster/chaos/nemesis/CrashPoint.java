package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.Injection;
import io.statehouse.cluster.fault.SyscallInjector;
import org.jspecify.annotations.Nullable;

/**
 * A follower is killed just before one of its system calls takes effect, and must start again by itself on what is there.
 *
 * @param calls names separated by commas
 * @param numberMax it is one of the first so many of a thread, by chance
 */
public record CrashPoint(String calls, int numberMax) implements Fault {
    @Override
    public String name() {
        return "kill follower at " + calls;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = Victim.FOLLOWER.pick(scene);
        scene.excuse(node);
        int number = 1 + scene.random().nextInt(numberMax);
        var injector = SyscallInjector.attach(node.pid(), Injection.killingAt(calls, number));
        return new Harm() {
            @Override
            public String target() {
                return node.id() + ", call " + number;
            }

            @Override
            public @Nullable String evidence() {
                return Kill.exit(node);
            }

            @Override
            public void heal() {
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
