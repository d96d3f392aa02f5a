package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.raft.ExitCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the start of a node on a damaged disk ended.
 *
 * @param isReady whether it serves
 * @param status of the process if it ended; else 0
 */
record StartOutcome(boolean isReady, int status) {
    private static final Duration END_MAX = Duration.ofSeconds(60);
    private static final Duration HALT_MAX = Duration.ofSeconds(10);
    private static final Set<Integer> CODES =
            Arrays.stream(ExitCode.values()).map(ExitCode::number).collect(Collectors.toUnmodifiableSet());

    /** Waits until the node is ready or has ended; it is killed if it does neither. */
    static StartOutcome of(Scene scene, NodeProcess node) {
        try {
            return Await.value(node + " is ready or has ended", END_MAX, () -> {
                Integer status = node.exitStatus();
                if (status != null) {
                    return new StartOutcome(false, status);
                }
                return node.isReady() ? new StartOutcome(true, 0) : null;
            });
        } catch (AssertionError e) {
            scene.kill(node);
            return new StartOutcome(false, 0);
        }
    }

    /** Waits a little for the end of a node that has met something it cannot live with. */
    static StartOutcome ofEnding(NodeProcess node) {
        try {
            return new StartOutcome(false, node.awaitExit(HALT_MAX));
        } catch (AssertionError e) {
            return new StartOutcome(true, 0);
        }
    }

    /** Whether it ended with a code of its own. */
    boolean isRefusal() {
        return !isReady && status != ExitCode.OK.number() && CODES.contains(status);
    }

    String text() {
        return isReady ? "serves" : status == 0 ? "neither serves nor ends" : "status " + status;
    }
}
