package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskGaugeTest {
    private static final long RESERVE = 1L << 30;
    private static final long TOTAL = 10 * RESERVE;

    private final AtomicLong free = new AtomicLong(TOTAL);
    private final DiskGauge gauge = new DiskGauge(reserve -> new DiskGauge.Space(free.get(), TOTAL, reserve), RESERVE);

    @Test
    void itIsFullBelowTheReserveAndSaysSoOnce() {
        free.set(RESERVE);
        assertThat(gauge.look()).isFalse();
        assertThat(gauge.isFull()).isFalse();

        free.set(RESERVE - 1);
        assertThat(gauge.look()).isTrue();
        assertThat(gauge.isFull()).isTrue();
        assertThat(gauge.look()).as("told already").isFalse();
    }

    @Test
    void itTakesALittleMoreThanTheReserveToHaveRoomAgain() {
        free.set(RESERVE - 1);
        gauge.look();

        free.set(RESERVE + 1);
        gauge.look();
        assertThat(gauge.isFull()).isTrue();

        free.set(RESERVE + (64L << 20));
        gauge.look();
        assertThat(gauge.isFull()).isFalse();
    }

    @Test
    void aStoreInMemoryIsNeverFull() {
        var none = DiskGauge.of(null, RESERVE);

        assertThat(none.look()).isFalse();
        assertThat(none.isFull()).isFalse();
    }
}
