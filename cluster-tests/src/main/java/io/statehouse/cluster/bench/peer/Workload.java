package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.FanOut;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the systems are asked to do. The order matters: histories are read while the stores hold little else, since etcd reads
 * everything from the revision on that a watch begins with.
 */
public enum Workload {
    /** Reading a long history from its beginning. */
    HISTORY("events/s", "all 10,000 events of an agent, read from the first on, by one caller"),
    /** Reading what holds now. */
    GET("reads/s", "a read of one of 4,096 keys that sees every write acknowledged before it"),
    /** Writing one key. */
    COMMIT(
            "commits/s",
            "one value of 256 bytes written to one of 4,096 keys, kept with its event, on disk before it is acknowledged"),
    /** Writing two keys if one has not changed. */
    TRANSACTION("transactions/s", "two values of 256 bytes written if the first key is as the caller left it"),
    /** Appending to one session. */
    SESSION("events/s", "an event of 256 bytes appended to the one session that all callers append to"),
    /** Hearing of every change. */
    WATCH(
            "deliveries/s",
            "each of " + FanOut.RATE
                    + " events a second delivered to all callers, who watch one agent; the latency of a"
                    + " delivery begins with the write");

    private final String unit;
    private final String meaning;

    Workload(String unit, String meaning) {
        this.unit = unit;
        this.meaning = meaning;
    }

    /** What is counted. */
    public String unit() {
        return unit;
    }

    /** What is done, for the reader of the figures. */
    public String meaning() {
        return meaning;
    }

    /** Its name on a command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The workload of a word. */
    public static Workload of(String word) {
        return Arrays.stream(values())
                .filter(workload -> workload.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown workload " + word + "; there are "
                        + Arrays.stream(values()).map(Workload::word).collect(Collectors.joining(", "))));
    }

    /** Whether only one caller does it, whatever concurrency is asked for. */
    public boolean isForOne() {
        return this == HISTORY;
    }
}
