package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.DiskDamage;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A follower is so far behind that it needs a snapshot, and one of the two that are busy with it is killed before it is installed.
 *
 * @param end who is killed
 */
public record InterruptedInstall(End end) implements Fault {
    /** What the plan sees on the disk of the follower afterwards; {@link #TIDY} is right. */
    public static final String SIGHT = "what an interrupted snapshot left behind";

    /** Nothing of the copy that was not finished. */
    public static final String TIDY = "nothing";

    private static final Duration PURGE_MAX = Duration.ofSeconds(60);
    private static final Duration BEGIN_MAX = Duration.ofSeconds(30);
    private static final Duration TIDY_MAX = Duration.ofSeconds(10);
    /** Between the first frame and the switch there is not much time. */
    private static final Duration MOMENT_MAX = Duration.ofMillis(5);

    /** A kill that comes too late is made again. */
    private static final int TRIES_MAX = 6;

    private static final String INSTALLED = "snapshot installed";
    private static final String STATE = "state";
    private static final String STAGING = "staging-";

    /** The two ends of a snapshot's way. */
    public enum End {
        /** The follower that is being filled. */
        RECEIVER,
        /** The leader that sends. */
        SENDER
    }

    @Override
    public String name() {
        return "kill the " + (end == End.RECEIVER ? "receiver" : "sender") + " of a snapshot";
    }

    @Override
    public Harm inflict(Scene scene) {
        var follower = Victim.FOLLOWER.pick(scene);
        NodeProcess victim = null;
        for (int i = 0; i < TRIES_MAX && victim == null; i++) {
            victim = interrupt(scene, follower);
        }
        var killed = victim;
        return new Simple(
                killed == null ? follower.id() : killed.id(),
                () -> killed == null ? null : killed.id() + " was killed before the snapshot was installed",
                () -> {
                    List<NodeProcess> dead = scene.cluster().nodes().stream()
                            .filter(node -> !node.isAlive())
                            .toList();
                    dead.forEach(scene::revive);
                    dead.forEach(scene::awaitReady);
                    scene.awaitReady(follower);
                    scene.forgive(follower);
                    scene.marks().seen(SIGHT, leftovers(follower));
                });
    }

    /** Who was killed; null if the snapshot was installed by then. */
    private @Nullable NodeProcess interrupt(Scene scene, NodeProcess follower) {
        if (follower.isAlive()) {
            scene.kill(follower);
        }
        awaitPurge(scene);
        long installed = count(follower, INSTALLED);
        var victim = end == End.RECEIVER ? follower : scene.cluster().awaitLeader();
        scene.excuse(victim);
        follower.start(false);
        awaitStaging(follower);
        Await.pause(scene.between(Duration.ZERO, MOMENT_MAX));
        victim.kill();
        if (count(follower, INSTALLED) == installed) {
            return victim;
        }
        if (victim != follower) {
            scene.revive(victim);
            scene.awaitReady(victim);
        }
        return null;
    }

    /** Looks without a rest between two looks: the copy is there for some milliseconds. */
    private static void awaitStaging(NodeProcess follower) {
        long end = System.nanoTime() + BEGIN_MAX.toNanos();
        while (stagings(follower) == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(follower + " did not ask for a snapshot; see " + follower.log());
            }
            Thread.onSpinWait();
        }
    }

    /** Waits until no member can bring the dead one up to date from its log. */
    private static void awaitPurge(Scene scene) {
        List<String> segments = segments(scene.cluster().awaitLeader());
        Await.until(
                "the log is purged",
                PURGE_MAX,
                () -> segments(scene.cluster().awaitLeader()).stream()
                        .noneMatch(segment -> isOneOf(segment, segments)));
    }

    /** A segment is renamed when it is full, but where it begins stays in its name. */
    private static boolean isOneOf(String segment, List<String> segments) {
        return segments.stream().anyMatch(known -> start(known).equals(start(segment)));
    }

    private static String start(String segment) {
        return segment.replace("log_inprogress_", "").replace("log_", "").replaceAll("-.*", "");
    }

    private static List<String> segments(NodeProcess node) {
        return DiskDamage.of(node.dataDirectory()).files(Kind.RAFT_LOG).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private static String leftovers(NodeProcess node) {
        try {
            Await.until("unfinished copies are removed", TIDY_MAX, () -> stagings(node) == 0);
            return TIDY;
        } catch (AssertionError e) {
            return stagings(node) + " unfinished copies";
        }
    }

    private static long stagings(NodeProcess node) {
        try (Stream<Path> files = Files.list(node.dataDirectory().resolve(STATE))) {
            return files.filter(file -> file.getFileName().toString().startsWith(STAGING))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(NodeProcess node, String text) {
        try (Stream<String> lines = Files.lines(node.log())) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
