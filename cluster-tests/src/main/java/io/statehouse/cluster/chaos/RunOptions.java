package io.statehouse.cluster.chaos;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to run a case.
 *
 * @param seed where all chance comes from
 * @param faultTime how long faults are struck; null = as long as the case says
 * @param trafficMin commits a second without which a run proves nothing
 * @param isKept whether the nodes' data is kept after a run that passed
 * @param table the file to which each run adds a row of a Markdown table; null = none
 * @param triesMore how often a case is run again whose run proved nothing or was too slow
 */
public record RunOptions(
        long seed,
        @Nullable Duration faultTime,
        int trafficMin,
        boolean isKept,
        @Nullable Path table,
        int triesMore) {
    /** Less is no load to break anything under, on a machine that has nothing else to do. */
    static final int TRAFFIC_MIN = 60;
}
