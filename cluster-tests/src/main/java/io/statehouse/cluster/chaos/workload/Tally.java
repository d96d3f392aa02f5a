package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Outcome;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the calls of a run ended so far. Safe for use by many threads. */
public final class Tally {
    private final Map<Outcome, AtomicLong> calls = Arrays.stream(Outcome.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), outcome -> new AtomicLong()));
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    void ended(Outcome outcome, boolean isCommit, boolean isRepeated) {
        counter(outcome).incrementAndGet();
        repeated.addAndGet(isRepeated ? 1 : 0);
        if (isCommit && outcome == Outcome.OK) {
            commits.incrementAndGet();
        }
    }

    /** How many calls ended so. */
    public long calls(Outcome outcome) {
        return counter(outcome).get();
    }

    private AtomicLong counter(Outcome outcome) {
        return Objects.requireNonNull(calls.get(outcome));
    }

    /** How many commits were answered with the answer of an earlier try. */
    public long repeated() {
        return repeated.get();
    }

    /** How many transactions were acknowledged. */
    public long commits() {
        return commits.get();
    }
}
