package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.fault.DiskDamage;
import io.statehouse.cluster.fault.DiskDamage.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node is killed, a file of its database is damaged, and it is started: it must refuse, or be found out by the proof of its
 * store, or be whole all the same. One that is not whole is built anew from the others.
 */
public record DamagedStore(Victim victim, Kind kind, Damage damage) implements Fault {
    /** What the plan sees of the node; {@link #REFUSED}, {@link #FOUND} and {@link #WHOLE} are right. */
    public static final String SIGHT = "a node with a damaged database";

    /** It ended with a code for that, at the start or when it met the damage. */
    public static final String REFUSED = "refused";

    /** It served, and its proof named the damage. */
    public static final String FOUND = "found by its proof";

    /** It served, and its proof says that nothing is amiss: what was damaged is not needed, or was written again. */
    public static final String WHOLE = "whole";

    private static final int CUT_BYTES = 100;
    private static final Duration FLUSH_MAX = Duration.ofSeconds(30);

    /** What happens to the file. */
    public enum Damage {
        FLIPPED("flipped bit in"),
        CUT("end cut off"),
        GONE("no");

        private final String words;

        Damage(String words) {
            this.words = words;
        }

        void to(Path file, RandomGenerator random) {
            switch (this) {
                case FLIPPED -> DiskDamage.flipAny(file, random);
                case CUT -> DiskDamage.truncate(file, CUT_BYTES);
                case GONE -> DiskDamage.remove(file);
            }
        }
    }

    @Override
    public String name() {
        return damage.words + " " + kind + " of " + victim;
    }

    @Override
    public Harm inflict(Scene scene) {
        var node = victim.pick(scene);
        var disk = DiskDamage.of(node.dataDirectory());
        // A node that has just been filled by the log has no table yet.
        Await.until("there is a " + kind, FLUSH_MAX, () -> !disk.files(kind).isEmpty());
        scene.kill(node);
        var files = disk.files(kind);
        Path file = files.get(scene.random().nextInt(files.size()));
        damage.to(file, scene.random());
        node.start(false);
        return new Harm() {
            @Override
            public String target() {
                return node.id();
            }

            @Override
            public @Nullable String evidence() {
                return damage.words + " " + file.getFileName();
            }

            @Override
            public void heal() {
                String outcome = outcome(scene, node);
                scene.marks().seen(SIGHT, outcome);
                if (outcome.equals(WHOLE)) {
                    scene.forgive(node);
                    return;
                }
                if (node.isAlive()) {
                    scene.kill(node);
                }
                scene.rebuild(node);
                scene.awaitReady(node);
            }
        };
    }

    private static String outcome(Scene scene, NodeProcess node) {
        var start = StartOutcome.of(scene, node);
        if (!start.isReady()) {
            return start.isRefusal() ? REFUSED : start.text();
        }
        try (var client = scene.cluster().client()) {
            var proof = client.admin().verify(node.directApi(), 0, (verified, target) -> {});
            return proof.intact() ? WHOLE : FOUND;
        } catch (StatehouseException e) {
            // The proof met the damage and the node stops, or it could not be asked, which its end will tell.
            return StartOutcome.ofEnding(node).isRefusal() ? REFUSED : String.valueOf(e.getMessage());
        }
    }
}
