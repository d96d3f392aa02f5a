package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.DiskDamage;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import io.statehouse.raft.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A node loses its disk: it must not start as if nothing had happened, and is let in again as a new peer. */
public record LostDisk(Victim victim) implements Fault {
    /** What the plan sees of the start on the empty disk; {@link #REFUSED} is right. */
    public static final String SIGHT = "a start on an empty disk";

    /** The node ended because it could not tell a lost disk from one that is not there yet. */
    public static final String REFUSED = "refused with " + ExitCode.IDENTITY_REFUSED;

    /** How the state came back; {@link #SNAPSHOT} where the log was purged before. */
    public static final String WAY = "how a lost disk was filled";

    /** By the files of another member. */
    public static final String SNAPSHOT = "by a snapshot";

    private static final Duration PURGE_MAX = Duration.ofSeconds(60);
    private static final String INSTALLED = "snapshot installed";

    @Override
    public String name() {
        return "lost disk of " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        scene.kill(node);
        // What the others still have in their logs would do; what is meant is that they do not.
        Await.until(
                "the log is purged", PURGE_MAX, () -> isPurged(scene.cluster().awaitLeader()));
        node.wipe();
        node.start(false);
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
                var end = StartOutcome.of(scene, node);
                boolean isRight = end.status() == ExitCode.IDENTITY_REFUSED.number();
                scene.marks().seen(SIGHT, isRight ? REFUSED : end.text());
                if (node.isAlive()) {
                    scene.kill(node);
                }
                long before = installs(node);
                scene.rebuild(node);
                scene.awaitReady(node);
                scene.marks().seen(WAY, installs(node) > before ? SNAPSHOT : "by the log");
            }
        };
    }

    private static boolean isPurged(NodeProcess leader) {
        return DiskDamage.of(leader.dataDirectory()).files(Kind.RAFT_LOG).stream()
                .map(file -> file.getFileName().toString())
                .noneMatch(name -> name.startsWith("log_0-") || name.equals("log_inprogress_0"));
    }

    private static long installs(NodeProcess node) {
        try (var lines = Files.lines(node.log())) {
            return lines.filter(line -> line.contains(INSTALLED)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
