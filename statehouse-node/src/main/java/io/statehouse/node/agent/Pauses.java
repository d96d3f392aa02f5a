package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The wait between two looks at the state, on a thread that may wait. */
final class Pauses {
    private Pauses() {}

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.interrupted()) {
            throw Refusals.notReady("this node stops");
        }
    }
}
