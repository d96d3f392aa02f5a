package io.statehouse.raft;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the threads of this module end. */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    /** What has been told to end gets so long. */
    static final Duration END_WITHIN = Duration.ofSeconds(10);

    private Threads() {}

    /** Waits for a thread that has been told to end. */
    static void join(Thread thread) {
        try {
            if (!thread.join(END_WITHIN)) {
                LOG.warn("thread did not end name={} waited_seconds={}", thread.getName(), END_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
