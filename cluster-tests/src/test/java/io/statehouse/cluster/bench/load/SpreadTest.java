package io.statehouse.cluster.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(new Spread(3, 1, 100));
    }

    @Test
    void whatIsNoNumberIsLeftOutAndNothingIsNotZero() {
        assertThat(Spread.of(List.of(Double.NaN, 5.0, Double.POSITIVE_INFINITY)))
                .isEqualTo(new Spread(5, 5, 5));
        assertThat(Spread.of(List.of()).median()).isNaN();
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        // The machine was twice as slow in the second round, for both: the ratio of the medians would say 4 or 2.
        var ratio = Spread.ofRatios(List.of(300.0, 150.0, 330.0), List.of(100.0, 50.0, 110.0));

        assertThat(ratio).isEqualTo(new Spread(3, 3, 3));
    }

    @Test
    void aRoundThatOnlyOneHadHasNoRatio() {
        assertThat(Spread.ofRatios(List.of(4.0, 9.0), List.of(2.0))).isEqualTo(new Spread(2, 2, 2));
    }
}
