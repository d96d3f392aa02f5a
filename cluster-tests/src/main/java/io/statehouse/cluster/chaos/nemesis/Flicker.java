package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Another fault on and off and on again, quicker than anything can settle. */
public record Flicker(Fault fault, Duration least, Duration most) implements Fault {
    private static final int ROUNDS_MIN = 3;

    @Override
    public String name() {
        return "flickering " + fault.name();
    }

    @Override
    public Harm inflict(Scene scene) {
        var flickering = new Flickering(scene, this);
        flickering.thread.start();
        return flickering;
    }

    private static final class Flickering implements Harm {
        private final AtomicInteger rounds = new AtomicInteger();
        private final AtomicInteger seen = new AtomicInteger();
        private final Thread thread;
        private volatile boolean isStopping;

        Flickering(Scene scene, Flicker flicker) {
            this.thread = Thread.ofPlatform().name("flicker").daemon().unstarted(() -> {
                while (!isStopping) {
                    Harm harm = flicker.fault().inflict(scene);
                    Await.pause(scene.between(flicker.least(), flicker.most()));
                    seen.addAndGet(harm.evidence() == null ? 0 : 1);
                    rounds.incrementAndGet();
                    harm.heal();
                    Await.pause(scene.between(flicker.least(), flicker.most()));
                }
            });
        }

        @Override
        public String target() {
            return "again and again";
        }

        @Override
        public @Nullable String evidence() {
            // A moment may be too short to leave a trace, and another one like it is not.
            return rounds.get() < ROUNDS_MIN || seen.get() == 0
                    ? null
                    : "seen in force " + seen.get() + " of " + rounds.get() + " times";
        }

        @Override
        public void heal() {
            isStopping = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
