package io.statehouse.cluster.bench.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeStoreTest {
    @Test
    void everySmallAgentHasItsTenEventsWhateverTheSize() {
        for (long events : new long[] {Scenery.EVENTS_MIN, 12_345, 100_000}) {
            var scenery = new Scenery(events);
            var random = new SplittableRandom(1);
            Map<String, Integer> counts = new HashMap<>();
            for (long event = 0; event < events; event++) {
                counts.merge(scenery.key(event, random).agent().id(), 1, Integer::sum);
            }

            assertThat(counts).hasSize(Scenery.SMALL_AGENTS + Scenery.LARGE_AGENTS);
            for (int agent = 0; agent < Scenery.SMALL_AGENTS; agent++) {
                assertThat(counts).containsEntry(Scenery.smallAgent(agent), Scenery.EVENTS_OF_SMALL_AGENT);
            }
        }
    }

    @Test
    void aStoreThatIsTooSmallIsRefused() {
        assertThatThrownBy(() -> TimeRun.requireSize(9_999)).hasMessageContaining("must be at least 10000");
    }

    @Test
    void aStoreIsRestoredIntoADataDirectoryAndLeavesNothingElse(@TempDir Path directory) {
        LargeStore.restoreInto(directory.resolve("n1"), "n1", directory, new Scenery(Scenery.EVENTS_MIN), unused -> {});

        assertThat(directory).isDirectoryContaining(path -> path.endsWith("n1"));
        assertThat(directory.toFile().list()).hasSize(1);
    }
}
