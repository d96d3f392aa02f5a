package io.statehouse.client;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node says of itself.
 *
 * @param status the cluster as it sees it
 * @param notReadyReason why it cannot serve; "" = it can
 * @param clockMillis its clock when it answered, in milliseconds since 1970
 * @param ownClockMillis the clock of this process in the middle of the call
 * @param callTime how long the call took: the two clocks are compared no better than half of it
 * @param diskFreeBytes free on the disk of its data directory; 0 when it keeps everything in memory
 * @param diskTotalBytes the size of that disk; 0 when it keeps everything in memory
 * @param diskReserveBytes with less than this free, it takes only deletes
 * @param settings the text of every setting by its name, secrets masked
 * @param certificateEndsMillis when each of its certificates ceases to be valid, in milliseconds since 1970, by the
 *     setting that names the file; 0 = the file cannot be read any more
 */
public record NodeExamination(
        ClusterStatus status,
        String notReadyReason,
        long clockMillis,
        long ownClockMillis,
        Duration callTime,
        long diskFreeBytes,
        long diskTotalBytes,
        long diskReserveBytes,
        Map<String, String> settings,
        Map<String, Long> certificateEndsMillis) {
    /** Copies the maps. */
    public NodeExamination {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        certificateEndsMillis = Collections.unmodifiableMap(new TreeMap<>(certificateEndsMillis));
    }

    /** How far its clock is before the one of this process; a bound on the error is half of the call's time. */
    public Duration clockAhead() {
        return Duration.ofMillis(clockMillis - ownClockMillis);
    }
}
