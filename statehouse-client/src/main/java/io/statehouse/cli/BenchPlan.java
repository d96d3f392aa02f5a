package io.statehouse.cli;

import java.time.Duration;

/**
 * What a load run does.
 *
 * @param mode who decides when the next operation starts
 * @param rate operations per second in the open mode; 0 in the closed one
 * @param concurrency operations under way at once: all the time in the closed mode, at most in the open one
 * @param readRatio the share of reads, 0 to 1
 * @param valueBytes the size of a written value as JSON text
 * @param agents over how many agents the operations spread
 * @param keys over how many keys of each agent
 * @param warmup how long to run before measuring
 * @param duration how long to measure
 * @param seed decides the order of reads, writes, agents and keys
 */
record BenchPlan(
        Mode mode,
        long rate,
        int concurrency,
        double readRatio,
        int valueBytes,
        int agents,
        int keys,
        Duration warmup,
        Duration duration,
        long seed) {
    static final int CONCURRENCY_MAX = 65_536;
    static final int VALUE_BYTES_MAX = 1 << 20;
    static final int NAMES_MAX = 10_000_000;
    static final long RATE_MAX = 10_000_000;

    /** The smallest value: {@code {"d":""}}. */
    static final int VALUE_BYTES_MIN = 8;

    /** Who decides when the next operation starts. */
    enum Mode {
        /** The answer to the one before. */
        CLOSED("closed loop: each of the callers starts its next operation when its last one has ended, and latency is "
                + "what that caller waited. While the cluster stalls nothing new is started, so a stall counts once per "
                + "caller: read the write gap beside the percentiles, or use --mode open."),
        /** A clock. */
        OPEN(
                "open loop: operations start by the clock at the given rate, and latency counts from the moment an operation "
                        + "was due, waiting for a free caller included. A stall counts for every operation that it delayed.");

        private final String discipline;

        Mode(String discipline) {
            this.discipline = discipline;
        }

        /** How latency is taken, for the reader of the figures. */
        String discipline() {
            return discipline;
        }
    }

    BenchPlan {
        require(concurrency >= 1 && concurrency <= CONCURRENCY_MAX, "--concurrency must be 1 to " + CONCURRENCY_MAX);
        require(readRatio >= 0 && readRatio <= 1, "--read-ratio must be 0 to 1");
        require(
                valueBytes >= VALUE_BYTES_MIN && valueBytes <= VALUE_BYTES_MAX,
                "--value-size must be " + VALUE_BYTES_MIN + " to " + VALUE_BYTES_MAX + " bytes");
        require(agents >= 1 && agents <= NAMES_MAX, "--agents must be 1 to " + NAMES_MAX);
        require(keys >= 1 && keys <= NAMES_MAX, "--keys must be 1 to " + NAMES_MAX);
        require(mode == Mode.OPEN || rate == 0, "--rate belongs to --mode open");
        require(mode == Mode.CLOSED || (rate >= 1 && rate <= RATE_MAX), "--mode open needs --rate 1 to " + RATE_MAX);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new Complaint(rule);
        }
    }
}
