package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.DiskDamage;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A node is killed, the end of its Raft log is zeros as after a write that was cut short, and it is started: it may cut off
 * what was never acknowledged, and must refuse otherwise.
 *
 * @param bytesMax how much is torn off at most, by chance
 */
public record TornLog(Victim victim, int bytesMax) implements Fault {
    /** What the plan sees of the start; {@link #REPAIRED} and {@link #REFUSED} are right. */
    public static final String SIGHT = "a start on a torn log";

    /** It cut the torn end off and serves. */
    public static final String REPAIRED = "repaired";

    /** It ended with a code for that. */
    public static final String REFUSED = "refused";

    @Override
    public String name() {
        return "torn log of " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        scene.kill(node);
        Path file = DiskDamage.of(node.dataDirectory()).file(Kind.RAFT_LOG);
        byte[] before = read(file);
        int torn = 1 + scene.random().nextInt(bytesMax);
        DiskDamage.tear(file, torn);
        node.start(false);
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                return "the last " + torn + " bytes of " + file.getFileName() + " are zeros";
            }

            @Override
            public void heal() {
                var end = StartOutcome.of(scene, node);
                scene.marks().seen(SIGHT, end.isReady() ? REPAIRED : end.isRefusal() ? REFUSED : end.text());
                if (end.isReady()) {
                    scene.forgive(node);
                    return;
                }
                write(file, before);
                scene.revive(node);
                scene.awaitReady(node);
            }
        };
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
