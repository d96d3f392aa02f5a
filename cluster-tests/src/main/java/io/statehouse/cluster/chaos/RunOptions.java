package io.statehouse.cluster.chaos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to run a case.
 *
 * @param seed where all chance comes from
 * @param faultTime how long faults are struck; null = as long as the case says
 * @param trafficMin commits a second without which a run proves nothing
 * @param isKept whether the nodes' data is kept after a run that passed
 */
public record RunOptions(long seed, @Nullable Duration faultTime, int trafficMin, boolean isKept) {
    /** Less is no load to break anything under, on a machine that has nothing else to do. */
    static final int TRAFFIC_MIN = 60;
}
