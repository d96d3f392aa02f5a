package io.statehouse.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
    private static final int SEEDS_IN_MEMORY = Integer.getInteger("statehouse.simulation.seeds", 2_000);
    private static final int SEEDS_ON_DISK = Integer.getInteger("statehouse.simulation.seeds.on.disk", 16);
    private static final int RUNS_TO_CATCH_A_MUTANT = 3;
    private static final long SEEDS_PER_RUN = 40L;

    private final long firstSeed = Long.getLong("statehouse.seed", System.nanoTime() & 0xFFFF_FFFFL);

    @Test
    void replicasAgreeWithTheModelWhateverHappensToThem() {
        Map<String, Integer> events = new TreeMap<>();
        for (long seed = firstSeed; seed < firstSeed + SEEDS_IN_MEMORY; seed++) {
            Simulation.runInMemory(seed, Mutant.NONE)
                    .forEach((event, times) -> events.merge(event, times, Integer::sum));
        }

        assertThat(events.keySet())
                .containsExactly(
                        "again",
                        "append",
                        "apply",
                        "crash",
                        "death",
                        "expiry",
                        "flush",
                        "install",
                        "install cut short",
                        "let go",
                        "overtaken",
                        "purge",
                        "split",
                        "term",
                        "watch");
        // What hardly ever happens proves little.
        assertThat(events.values()).allSatisfy(times -> assertThat(times).isGreaterThanOrEqualTo(SEEDS_IN_MEMORY / 4));
    }

    @Test
    void replicasOnRealDisksAgreeToo(@TempDir Path directory) {
        var directories = new AtomicInteger();
        for (long seed = firstSeed; seed < firstSeed + SEEDS_ON_DISK; seed++) {
            Simulation.run(seed, Mutant.NONE, () -> RocksDisk.in(directory, directories));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyMutantIsCaughtWithinThreeRuns(Mutant mutant) {
        List<String> caught = new ArrayList<>();
        for (int run = 0; run < RUNS_TO_CATCH_A_MUTANT && caught.isEmpty(); run++) {
            for (int seed = 0; seed < SEEDS_PER_RUN; seed++) {
                try {
                    Simulation.runInMemory(firstSeed + (long) run * SEEDS_PER_RUN + seed, mutant);
                } catch (SimulationFailure e) {
                    caught.add(e.getMessage());
                }
            }
        }

        System.out.println(
                mutant + " caught by " + caught.size() + " of " + SEEDS_PER_RUN + " seeds, first: " + caught);
        assertThat(caught).as("first seed %s", firstSeed).isNotEmpty();
    }
}
