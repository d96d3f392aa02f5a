package io.statehouse.cluster.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long SECOND = 1_000_000_000;
    private static final CpuShare NO_CPU = new CpuShare(0, 0);

    private final Tally tally = new Tally(SECOND, 3 * SECOND);

    @Test
    void whatEndedInTheMeasuredTimeIsThroughput() {
        tally.succeeded(0, SECOND - 1, 1);
        tally.succeeded(0, SECOND, 1);
        tally.succeeded(2 * SECOND, 3 * SECOND - 1, 5);
        tally.succeeded(2 * SECOND, 3 * SECOND, 1);

        assertThat(tally.sample(2, NO_CPU).perSecond()).isEqualTo(3);
    }

    @Test
    void whatBeganInTheMeasuredTimeHasALatencyHoweverLateItEnded() {
        tally.succeeded(SECOND - 1, 2 * SECOND, 1);
        tally.succeeded(SECOND, SECOND + 2_000_000, 1);
        tally.succeeded(3 * SECOND - 1, 13 * SECOND, 1);

        assertThat(tally.sample(2, NO_CPU).p50Millis()).isCloseTo(2, within(0.01));
        assertThat(tally.sample(2, NO_CPU).p99Millis()).isCloseTo(10_000, within(10.0));
    }

    @Test
    void oneCallersLongOperationIsNotCutOffByTheEnd() {
        tally.succeeded(2 * SECOND, 4 * SECOND, 10_000);

        assertThat(tally.sample(1, NO_CPU).perSecond()).isEqualTo(5_000);
    }

    @Test
    void withoutASuccessThereIsNoFigureButTheReason() {
        tally.failed(2 * SECOND, new IllegalStateException("connection refused"));

        assertThatThrownBy(() -> tally.sample(1, NO_CPU))
                .hasMessage("no operation succeeded")
                .hasRootCauseMessage("connection refused");
    }

    @Test
    void failuresAreCountedBesideTheRest() {
        tally.failed(0, new IllegalStateException("too early"));
        tally.failed(2 * SECOND, new IllegalStateException("in time"));
        tally.succeeded(2 * SECOND, 2 * SECOND + 1, 1);

        assertThat(tally.sample(1, NO_CPU).failures()).isEqualTo(1);
    }
}
