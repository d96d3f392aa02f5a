package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.json.JsonNode.JsonString;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
    private static final KeptStates.Key KEY = key("s", "sums", "1");

    private final KeptStates kept = new KeptStates(10_000);

    private static KeptStates.Key key(String session, String reducer, String version) {
        return new KeptStates.Key("default", session, reducer, version);
    }

    private static FoldedState state(String text, long sequence) {
        return FoldedState.of(new JsonString(text), sequence);
    }

    @Test
    void whatAnotherReducerOrAnotherVersionCameToIsNotFound() {
        kept.keep(KEY, state("a", 100));

        assertThat(kept.find(KEY)).isEqualTo(state("a", 100));
        assertThat(kept.find(key("s", "sums", "2"))).isNull();
        assertThat(kept.find(key("s", "counts", "1"))).isNull();
        assertThat(kept.find(key("t", "sums", "1"))).isNull();
        assertThat(kept.find(new KeptStates.Key("other", "s", "sums", "1"))).isNull();
    }

    @Test
    void aReaderThatIsBehindPutsNothingBack() {
        kept.keep(KEY, state("later", 200));

        kept.keep(KEY, state("earlier", 100));

        assertThat(kept.find(KEY)).isEqualTo(state("later", 200));
    }

    @Test
    void whatWasAskedForLongestAgoGoesWhenThereIsNoRoom() {
        for (String session : new String[] {"a", "b", "c"}) {
            kept.keep(key(session, "sums", "1"), state("x".repeat(2_000), 100));
        }
        assertThat(kept.find(key("a", "sums", "1"))).isNotNull();

        kept.keep(key("d", "sums", "1"), state("x".repeat(2_000), 100));

        assertThat(kept.find(key("b", "sums", "1"))).isNull();
        assertThat(kept.find(key("a", "sums", "1"))).isNotNull();
        assertThat(kept.find(key("c", "sums", "1"))).isNotNull();
    }

    @Test
    void aStateThatGrowsTakesTheRoomOfOthersAndOneThatIsTooLargeIsNotKept() {
        kept.keep(key("a", "sums", "1"), state("x", 100));
        for (int hundred = 1; hundred <= 100; hundred++) {
            kept.keep(KEY, state("x".repeat(70 * hundred), 100L * hundred));
        }
        assertThat(kept.find(key("a", "sums", "1"))).isNotNull();
        assertThat(kept.find(KEY)).isNotNull();

        kept.keep(KEY, state("x".repeat(10_000), 100_000));

        assertThat(kept.find(KEY)).isNull();
        assertThat(kept.find(key("a", "sums", "1"))).isNull();
    }
}
