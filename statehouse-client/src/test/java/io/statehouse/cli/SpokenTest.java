package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.client.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenTest {
    @ParameterizedTest
    @CsvSource({"10, PT10S", "2.5, PT2.5S", "500ms, PT0.5S", "1.5ms, PT0.0015S", "10s, PT10S", "2m, PT2M", "0.5m, PT30S"
    })
    void durationsAreSecondsUnlessTheySayOtherwise(String text, Duration duration) {
        assertThat(Spoken.duration(text, "--timeout")).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "ms", "0", "-1", "1h", "ten", "8e9", "NaN", "1e-10", "1e999999999"})
    void whatIsNoDurationIsRefusedByTheNameOfItsOption(String text) {
        assertThatThrownBy(() -> Spoken.duration(text, "--timeout"))
                .isInstanceOf(Complaint.class)
                .hasMessageStartingWith("--timeout is '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T10:15:30Z, 2026-11-21T10:15:30Z",
        "2026-11-21T10:15:30.123Z, 2026-11-21T10:15:30.123Z",
        "2026-11-21T10:15:30+01:00, 2026-11-21T09:15:30Z",
        "2026-11-21T10:15-05:00, 2026-11-21T15:15:00Z",
        "2026-11-21T10:15:30, 2026-11-21T10:15:30Z",
        "2026-11-21T10:15, 2026-11-21T10:15:00Z",
        "2026-11-21, 2026-11-21T00:00:00Z"
    })
    void timesWithoutAZoneAreUtcWhateverTheMachineSays(String text, Instant time) {
        assertThat(Moment.parse(text)).isEqualTo(new Moment.Time(time));
    }

    @Test
    void aNumberIsACommitTs() {
        assertThat(Moment.parse("1041")).isEqualTo(new Moment.Commit(1_041));
        assertThat(Moment.parse("1041").of(Read.local())).isEqualTo(Read.local().asOf(1_041));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1.5", "yesterday", "2026-13-01", "2026-11-21 10:15", "99999999999999999999", "T"})
    void whatIsNoMomentIsRefused(String text) {
        assertThatThrownBy(() -> Moment.parse(text)).isInstanceOf(Complaint.class);
    }

    @Test
    void labelsKeepTheirOrderAndEverythingBehindTheFirstEqualsSign() {
        assertThat(Spoken.labels(List.of("b=1", "a=x=y", "c=")))
                .containsExactly(Map.entry("b", "1"), Map.entry("a", "x=y"), Map.entry("c", ""));
    }

    @Test
    void freshnessIsOneOfThree() {
        assertThat(Spoken.read("linearizable")).isEqualTo(Read.linearizable());
        assertThat(Spoken.read("local")).isEqualTo(Read.local());
        assertThat(Spoken.read("at-least:7")).isEqualTo(Read.atLeast(7));
    }
}
