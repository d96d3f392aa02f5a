package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.DiskDamage;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import io.statehouse.raft.ExitCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node is killed, one bit of one of its files flips, and it is started: it must refuse with a code of its own. Then the bit
 * is put right and it must start.
 */
public record DamagedFile(Victim victim, Kind kind) implements Fault {
    /** What the plan sees of the start on the damaged file; {@link #REFUSED} is right. */
    public static final String SIGHT = "a start on a damaged file";

    /** The node ended by itself with a code for that. */
    public static final String REFUSED = "refused";

    private static final Duration REFUSAL_MAX = Duration.ofSeconds(60);
    private static final Set<Integer> CODES =
            Arrays.stream(ExitCode.values()).map(ExitCode::number).collect(Collectors.toUnmodifiableSet());

    @Override
    public String name() {
        return "flipped bit in " + kind + " of " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        scene.kill(node);
        var file = DiskDamage.of(node.dataDirectory()).file(kind);
        long offset = scene.random().nextLong(DiskDamage.usedBytes(file));
        int bit = scene.random().nextInt(Byte.SIZE);
        DiskDamage.flip(file, offset, bit);
        node.start(false);
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                return "bit " + bit + " of byte " + offset + " of " + file.getFileName();
            }

            @Override
            public void heal() {
                scene.marks().seen(SIGHT, endOf(node));
                if (node.isAlive()) {
                    scene.kill(node);
                }
                DiskDamage.flip(file, offset, bit);
                scene.revive(node);
                scene.awaitReady(node);
            }
        };
    }

    private static String endOf(NodeProcess node) {
        try {
            int status = node.awaitExit(REFUSAL_MAX);
            return CODES.contains(status) ? REFUSED : "status " + status;
        } catch (AssertionError e) {
            return "runs on";
        }
    }
}
