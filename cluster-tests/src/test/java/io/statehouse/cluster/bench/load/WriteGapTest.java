package io.statehouse.cluster.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteGapTest {
    /** Longer than traffic is watched afterwards. */
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    private static final Duration LOOKING = Duration.ofMillis(200);
    private static final Duration CALL = Duration.ofMillis(1);

    private final AtomicLong struck = new AtomicLong(Long.MAX_VALUE);

    @Test
    void writesBeforeTheFaultHaveNotRecoveredFromIt() {
        Duration gap = WriteGap.around(List.of(this::call), () -> {
            Await.pause(LOOKING);
            struck.set(System.nanoTime());
        });

        assertThat(gap).isGreaterThanOrEqualTo(OUTAGE.minus(LOOKING));
    }

    private long call() {
        Await.pause(CALL);
        long since = System.nanoTime() - struck.get();
        if (struck.get() != Long.MAX_VALUE && since < OUTAGE.toNanos()) {
            throw new IllegalStateException("nobody leads");
        }
        return 1;
    }
}
