package io.statehouse.cluster.chaos.scenario;

import io.statehouse.client.AdminClient;
import io.statehouse.client.ClusterStatus;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.chaos.workload.RecordedClient;
import io.statehouse.cluster.chaos.workload.Tally;
import io.statehouse.cluster.fault.NetworkLab;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Where faults happen: a cluster under traffic, what it stands on, and how much time is left. */
public final class Scene {
    /** How much longer than planned a fault stays in force if it has not been seen by then. */
    private static final Duration GRACE = Duration.ofSeconds(8);

    /** The longest wait for the sign of a fault that others are struck in. */
    private static final Duration CROWD_MAX = Duration.ofSeconds(20);

    private static final Duration CHANGE_TRY_MAX = Duration.ofSeconds(20);
    private static final Duration READY_MAX = Duration.ofSeconds(60);

    private final Stage stage;
    private final RandomGenerator random;
    private final long endNanos;
    private final Set<String> excused;

    /** What stays the same over the phases of a run. */
    public record Stage(
            ProcessCluster cluster, Site site, Marks marks, Tally tally, Supplier<RecordedClient> clients) {}

    /** A scene that is over after {@code time}, counted from now. */
    public Scene(Stage stage, RandomGenerator random, Duration time) {
        this(stage, random, System.nanoTime() + time.toNanos(), ConcurrentHashMap.newKeySet());
    }

    private Scene(Stage stage, RandomGenerator random, long endNanos, Set<String> excused) {
        this.stage = stage;
        this.random = random;
        this.endNanos = endNanos;
        this.excused = excused;
    }

    /** The same scene for another thread, with a chance of its own that follows from this one's. */
    public Scene split() {
        var own = RandomGeneratorFactory.of("L64X128MixRandom").create(random.nextLong());
        return new Scene(stage, own, endNanos, excused);
    }

    /** A client of every node for the plan's own calls, which are recorded like all others. The caller closes it. */
    public RecordedClient hireClient() {
        return stage.clients().get();
    }

    /** The nodes. */
    public ProcessCluster cluster() {
        return stage.cluster();
    }

    /** What they stand on. */
    public Site site() {
        return stage.site();
    }

    /** The network between them. */
    public NetworkLab network() {
        return stage.site().network();
    }

    /** The time axis. */
    public Marks marks() {
        return stage.marks();
    }

    /** How the calls end meanwhile. */
    public Tally tally() {
        return stage.tally();
    }

    /** The chance of the plan, from the seed of the run. */
    public RandomGenerator random() {
        return random;
    }

    /** A time between these, by chance. */
    public Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos() + 1));
    }

    /** Whether no more faults should be struck. */
    public boolean isOver() {
        return System.nanoTime() >= endNanos;
    }

    /** The number of a node on its site. */
    public int numberOf(NodeProcess node) {
        return cluster().numberOf(node);
    }

    /** Strikes a fault, lets it last until it was seen and {@code hold} is over, and undoes it. */
    public void strike(Fault fault, Duration hold) {
        strike(fault, hold.plus(GRACE), began -> {
            long rest = began + hold.toNanos() - System.nanoTime();
            Await.pause(Duration.ofNanos(Math.max(0, rest)));
        });
    }

    /** Strikes a fault, does something else as soon as it was seen, and undoes it. */
    public void strikeAround(Fault fault, Runnable meanwhile) {
        strike(fault, CROWD_MAX, began -> meanwhile.run());
    }

    private void strike(Fault fault, Duration seenMax, LongConsumer meanwhile) {
        long struckNanos = marks().nanos();
        Harm harm = fault.inflict(this);
        long began = System.nanoTime();
        int number = marks().struck(fault.name(), harm.target(), struckNanos);
        try {
            awaitEvidence(harm, number, began + seenMax.toNanos());
            meanwhile.accept(began);
        } finally {
            marks().healing(number);
            harm.heal();
            marks().healed(number);
        }
    }

    private void awaitEvidence(Harm harm, int number, long deadlineNanos) {
        while (System.nanoTime() < deadlineNanos) {
            String evidence = harm.evidence();
            if (evidence != null) {
                marks().observed(number, evidence);
                return;
            }
            Await.pause(Duration.ofMillis(50));
        }
    }

    /** Lets time pass between two faults. */
    public void rest(Duration time) {
        Await.pause(time);
    }

    /** Says that a process is meant to end, or to be dead: only other deaths count against the product. */
    public void excuse(NodeProcess node) {
        excused.add(node.id());
    }

    boolean isExcused(NodeProcess node) {
        return excused.contains(node.id());
    }

    /** Kills a process at once. */
    public void kill(NodeProcess node) {
        excuse(node);
        node.kill();
    }

    /** Starts a process that has ended. It must be ready soon if {@link #awaitReady} is called after it. */
    public void revive(NodeProcess node) {
        node.start(false);
        forgive(node);
    }

    /** Says that a process which was excused runs as it should: from now on its death counts. */
    public void forgive(NodeProcess node) {
        excused.remove(node.id());
    }

    /** Has a node that has ended let in again as a new peer on an empty disk. */
    public void rebuild(NodeProcess node) {
        node.wipe();
        node.startJoining();
        change(operator -> operator.replaceMember(node.id()));
        forgive(node);
    }

    /** Asks for a change of the members until it is done, as an operator does; every change may be asked for again. */
    public void change(Consumer<AdminClient> change) {
        try (var client = cluster().client()) {
            var operator = client.withTimeout(CHANGE_TRY_MAX).admin();
            Await.until("the members are changed", READY_MAX, () -> {
                try {
                    change.accept(operator);
                    return true;
                } catch (StatehouseException e) {
                    // Such as: the newcomer does not listen yet, the leader has just died, the last call goes on.
                    return false;
                }
            });
        }
    }

    /** Waits until a node says that it can serve. */
    public void awaitReady(NodeProcess node) {
        Await.until(node + " is ready; see " + node.log(), READY_MAX, node::isReady);
    }

    /** What a node says of itself; null if it does not answer. */
    public @Nullable ClusterStatus status(NodeProcess node) {
        return cluster().status(node);
    }

    /** The term a node is in; 0 if it does not answer. */
    public long termOf(NodeProcess node) {
        var status = status(node);
        return status == null ? 0 : status.term();
    }
}
