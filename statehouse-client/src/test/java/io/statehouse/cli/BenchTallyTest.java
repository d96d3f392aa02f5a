package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchTallyTest {
    private final BenchTally tally = new BenchTally(1_000, 2_000);

    @Test
    void onlyWhatBeganInTheWindowHasALatency() {
        tally.writeEnded(999, 1_500);
        tally.writeEnded(1_000, 1_010);
        tally.writeEnded(1_999, 5_000);
        tally.writeEnded(2_000, 2_010);

        assertThat(tally.writes().latencies().getTotalCount()).isEqualTo(2);
        assertThat(tally.writes().latencies().getMaxValue()).isBetween(3_000L, 3_002L);
        assertThat(tally.writes().latencies().getMinValue()).isEqualTo(10);
    }

    @Test
    void onlyWhatSucceededInTheWindowCountsAsThroughput() {
        tally.writeEnded(900, 999);
        tally.writeEnded(900, 1_000);
        tally.readEnded(1_500, 1_999, true);
        tally.readEnded(1_500, 2_000, true);

        assertThat(tally.writes().succeededInWindow()).isEqualTo(1);
        assertThat(tally.reads().succeededInWindow()).isEqualTo(1);
    }

    @Test
    void theWriteGapIsTheLongestTimeWithoutAWriteFromTheWindowsStartToItsEnd() {
        tally.writeEnded(1_050, 1_100);
        tally.writeEnded(1_050, 1_500);
        tally.writeEnded(1_050, 1_400);
        tally.writeEnded(1_050, 1_700);

        assertThat(tally.ended().writeGap()).isEqualTo(new BenchTally.Gap(400, 100));
    }

    @Test
    void aStallThatLastsToTheEndIsAGapToo() {
        tally.writeEnded(1_050, 1_100);
        tally.writeEnded(1_100, 9_000);

        assertThat(tally.ended().writeGap()).isEqualTo(new BenchTally.Gap(900, 100));
    }

    @Test
    void withoutAWriteTheGapIsTheWindow() {
        tally.writeEnded(100, 900);

        assertThat(tally.ended().writeGap()).isEqualTo(new BenchTally.Gap(1_000, 0));
    }

    @Test
    void failuresAreCountedByKindAndHaveNoLatency() {
        tally.failed(true, 1_100, "UNAVAILABLE");
        tally.failed(true, 1_100, "UNAVAILABLE");
        tally.failed(false, 1_100, "CONFLICT");
        tally.failed(false, 900, "CONFLICT");

        assertThat(tally.reads().errors()).containsOnly(Map.entry("UNAVAILABLE", 2L));
        assertThat(tally.writes().errors()).containsOnly(Map.entry("CONFLICT", 1L));
        assertThat(tally.writes().latencies().getTotalCount()).isZero();
    }

    @Test
    void readsOfNothingAreCountedBesideTheOthers() {
        tally.readEnded(1_100, 1_200, false);
        tally.readEnded(1_100, 1_200, true);

        assertThat(tally.readsOfNothing()).isEqualTo(1);
        assertThat(tally.reads().succeededInWindow()).isEqualTo(2);
    }
}
