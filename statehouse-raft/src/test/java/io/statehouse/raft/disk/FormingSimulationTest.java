package io.statehouse.raft.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.StartRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Founding members that ask, crash and lose their disks in every order a seed can think of. */
class FormingSimulationTest {
    private static final int RUNS = 4_000;
    private static final int STEPS = 400;
    private static final int STEPS_TO_FINISH = 4_000;
    private static final int WIPES_MAX = 3;
    private static final double CRASH = 0.03;
    private static final double WIPE = 0.02;

    /** One founder: a disk, and a process that may be gone at any step. */
    private static final class Founder {
        private final String id;
        private NodeIdentity disk;
        private NodeIdentity told;
        private @Nullable NodeIdentity concluded;
        private List<String> unasked = new ArrayList<>();
        private final Map<String, IdentityText.Answer> answers = new HashMap<>();
        private boolean isRefused;

        Founder(String id, Random random) {
            this.id = id;
            this.disk = fresh(random);
            this.told = disk;
        }

        private NodeIdentity fresh(Random random) {
            return NodeIdentity.fresh(id, new UUID(random.nextLong(), random.nextLong()));
        }

        void crash() {
            told = disk;
            concluded = null;
            unasked.clear();
            answers.clear();
        }

        void wipe(Random random) {
            disk = fresh(random);
            isRefused = false;
            crash();
        }

        boolean isFormed() {
            return disk.state() != NodeIdentity.State.FORMING;
        }

        void step(Map<String, Founder> all, SortedSet<String> expected, Random random) {
            if (isFormed() || isRefused) {
                return;
            }
            if (concluded != null) {
                disk = concluded;
                told = disk;
                return;
            }
            if (!unasked.isEmpty()) {
                Founder peer = Objects.requireNonNull(all.get(unasked.remove(random.nextInt(unasked.size()))));
                if (!peer.isRefused) {
                    answers.put(peer.id, new IdentityText.Answer(peer.told, expected));
                }
                return;
            }
            conclude(expected);
        }

        private void conclude(SortedSet<String> expected) {
            try {
                switch (FormingRound.conclude(told, expected, answers)) {
                    case FormingRound.Formed formed -> concluded = formed.identity();
                    case FormingRound.Waiting waiting -> told = waiting.self();
                }
            } catch (StartRefusedException e) {
                isRefused = true;
            }
            answers.clear();
            unasked = new ArrayList<>(expected);
            unasked.remove(id);
        }
    }

    @Test
    void foundersThatCrashAndLoseTheirDisksNeverFoundTwoClusters() {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        System.out.println("seed " + seed);
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            Map<String, Founder> founders = founders(random);
            int wipes = 0;
            for (int step = 0; step < STEPS; step++) {
                Founder one = any(founders, random);
                double dice = random.nextDouble();
                if (dice < WIPE && wipes < WIPES_MAX) {
                    one.wipe(random);
                    wipes++;
                } else if (dice < WIPE + CRASH) {
                    one.crash();
                } else {
                    one.step(founders, new TreeSet<>(founders.keySet()), random);
                }
                requireOneCluster(founders, seed + run);
            }
        }
    }

    @Test
    void foundersThatOnlyCrashAllBecomeMembers() {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        System.out.println("seed " + seed);
        for (int run = 0; run < RUNS / 10; run++) {
            Random random = new Random(seed + run);
            Map<String, Founder> founders = founders(random);
            for (int step = 0; step < STEPS_TO_FINISH; step++) {
                Founder one = any(founders, random);
                if (step < STEPS && random.nextDouble() < CRASH) {
                    one.crash();
                } else {
                    one.step(founders, new TreeSet<>(founders.keySet()), random);
                }
            }
            assertThat(founders.values()).as("seed %d", seed + run).allMatch(Founder::isFormed);
            requireOneCluster(founders, seed + run);
        }
    }

    private static Map<String, Founder> founders(Random random) {
        Map<String, Founder> founders = new HashMap<>();
        int count = 2 + random.nextInt(4);
        for (int i = 1; i <= count; i++) {
            founders.put("n" + i, new Founder("n" + i, random));
        }
        return founders;
    }

    private static Founder any(Map<String, Founder> founders, Random random) {
        return Objects.requireNonNull(founders.get("n" + (1 + random.nextInt(founders.size()))));
    }

    private static void requireOneCluster(Map<String, Founder> founders, long seed) {
        Set<UUID> clusters = new HashSet<>();
        for (Founder founder : founders.values()) {
            if (founder.disk.clusterId() != null) {
                clusters.add(founder.disk.clusterId());
            }
        }
        if (clusters.size() > 1) {
            throw new AssertionError("two clusters " + clusters + " with seed " + seed);
        }
    }
}
