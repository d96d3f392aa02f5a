package io.statehouse.cluster.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class FanOutTest {
    private static final Drill DRILL = new Drill(3, Duration.ofMillis(100), Duration.ofMillis(500));

    /** Hands every change to every watcher. */
    private static final class Board implements Watched {
        private final List<BlockingQueue<Long>> queues = new CopyOnWriteArrayList<>();

        @Override
        public Watcher watcher(int number) {
            var queue = new LinkedBlockingQueue<Long>();
            queues.add(queue);
            return new Reader(queue);
        }

        @Override
        public void change(long time) {
            queues.forEach(queue -> queue.add(time));
        }
    }

    private record Reader(BlockingQueue<Long> queue) implements Watcher {
        @Override
        public void poll(LongConsumer times) throws InterruptedException {
            Long time = queue.poll(10, TimeUnit.MILLISECONDS);
            if (time != null) {
                times.accept(time);
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void everyChangeIsCountedForEveryWatcher() {
        Sample sample = FanOut.run(DRILL, new Board());

        assertThat(sample.failures()).isZero();
        assertThat(sample.perSecond()).isBetween(100.0, 3.5 * FanOut.RATE);
    }
}
