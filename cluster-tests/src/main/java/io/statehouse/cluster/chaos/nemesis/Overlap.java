package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Faults by chance, from so many hands at once, so that they overlap. */
public record Overlap(List<List<Fault>> hands, Duration least, Duration most) implements Plan {
    /** Copies the lists. */
    public Overlap {
        hands = hands.stream().map(List::copyOf).toList();
    }

    @Override
    public void run(Scene scene) {
        var failures = new ConcurrentLinkedQueue<Throwable>();
        List<Thread> threads = new ArrayList<>();
        for (List<Fault> hand : hands) {
            Scene own = scene.split();
            threads.add(Thread.ofPlatform()
                    .name("nemesis-" + threads.size())
                    .daemon()
                    .uncaughtExceptionHandler((dead, failure) -> failures.add(failure))
                    .start(() -> strike(hand, own)));
        }
        threads.forEach(Overlap::join);
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a nemesis failed", failures.peek());
        }
    }

    private void strike(List<Fault> hand, Scene scene) {
        while (!scene.isOver()) {
            scene.rest(scene.between(least, most));
            scene.strike(hand.get(scene.random().nextInt(hand.size())), scene.between(least, most));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while faults were struck", e);
        }
    }
}
