package io.statehouse.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Proposals per second of three members in one JVM and on one disk, by how many callers wait at once.
 *
 * <p>A figure to compare changes with; three machines are another matter. The command is in the module's README.
 */
public final class ProposalBench {
    private static final List<Integer> CALLERS = List.of(1, 64, 256, 1_024);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final String VALUE = "{\"text\":\"" + "x".repeat(200) + "\"}";

    private final RatisLog leader;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();

    private ProposalBench(RatisLog leader) {
        this.leader = leader;
    }

    public static void main(String[] arguments) throws IOException {
        var directory = Files.createTempDirectory(Path.of(arguments.length > 0 ? arguments[0] : "."), "bench-");
        try (var cluster = LocalCluster.start(directory, 3)) {
            var leader = cluster.log(cluster.awaitLeader());
            new ProposalBench(leader).run(64, WARM_UP);
            for (int callers : CALLERS) {
                long perSecond = new ProposalBench(leader).run(callers, MEASURED);
                System.out.printf(
                        "callers=%d proposals_per_second=%d mean_millis=%.2f%n",
                        callers, perSecond, 1_000.0 * callers / Math.max(1, perSecond));
            }
        } finally {
            SnapshotDirectory.remove(directory);
        }
    }

    private long run(int callers, Duration time) {
        long begin = System.nanoTime();
        var loops = IntStream.range(0, callers).mapToObj(i -> loop()).toList();
        var timer = CompletableFuture.runAsync(
                () -> isOver.set(true), CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
        timer.join();
        long perSecond = done.get() * Duration.ofSeconds(1).toNanos() / (System.nanoTime() - begin);
        loops.forEach(CompletableFuture::join);
        return perSecond;
    }

    private CompletableFuture<Void> loop() {
        long id = ids.incrementAndGet();
        String txn = System.identityHashCode(this) + "-" + id;
        return leader.propose(Commands.put(txn, "key" + id % 10_000, VALUE)).thenCompose(reply -> {
            done.incrementAndGet();
            return isOver.get() ? CompletableFuture.completedFuture(null) : loop();
        });
    }
}
