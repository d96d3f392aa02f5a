package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.TxnId;
import org.junit.jupiter.api.Test;

class TimedIdTest {
    @Test
    void anIdThatBeginsWithAVersionSevenUuidSaysWhenItWasMade() {
        assertThat(madeAt("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")).isEqualTo(1_645_557_742_000L);
        assertThat(madeAt("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")).isEqualTo(1_645_557_742_000L);
        assertThat(madeAt("017f22e2-79b0-7cc3-98c4-dc0c0c07398f@n1")).isEqualTo(1_645_557_742_000L);
    }

    @Test
    void anyOtherIdSaysNothing() {
        assertThat(madeAt("")).isEqualTo(TimedId.UNKNOWN);
        assertThat(madeAt("017f22e2-79b0-4cc3-98c4-dc0c0c07398f")).isEqualTo(TimedId.UNKNOWN);
        assertThat(madeAt("017f22e2-79b0-7cc3-c8c4-dc0c0c07398f")).isEqualTo(TimedId.UNKNOWN);
        assertThat(madeAt("017f22e2-79b0-7cc3-98c4-dc0c0c07398")).isEqualTo(TimedId.UNKNOWN);
        assertThat(madeAt("017f22e2079b0-7cc3-98c4-dc0c0c07398f")).isEqualTo(TimedId.UNKNOWN);
        assertThat(madeAt("x17f22e2-79b0-7cc3-98c4-dc0c0c07398f")).isEqualTo(TimedId.UNKNOWN);
        // Turkish and Arabic digits are digits to some, not to us.
        assertThat(madeAt("\u0661\u066717f22e-79b0-7cc3-98c4-dc0c0c07398f")).isEqualTo(TimedId.UNKNOWN);
    }

    private static long madeAt(String id) {
        return TimedId.madeAtMillis(new TxnId(id));
    }
}
