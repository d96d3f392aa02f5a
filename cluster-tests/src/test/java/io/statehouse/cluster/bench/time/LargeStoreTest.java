package io.statehouse.cluster.bench.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    void aStoreIsMadeOnceAndRestoredAsOftenAsItIsAskedFor(@TempDir Path directory) {
        var scenery = new Scenery(Scenery.EVENTS_MIN);
        Path backup = directory.resolve("store");
        List<String> said = new ArrayList<>();

        LargeStore.make(backup, scenery, said::add);
        assertThat(directory.toFile().list()).containsExactly("store");
        assertThat(said).isEmpty();
        for (String node : List.of("n1", "n2")) {
            LargeStore.make(backup, scenery, said::add);
            LargeStore.restore(backup, directory.resolve(node), node, scenery);
        }

        assertThat(said).hasSize(2).allMatch(word -> word.contains("there already"));
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("store", "n1", "n2");
    }
}
