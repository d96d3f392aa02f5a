package io.statehouse.cluster;

import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.CallRecord.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Every call of a run, in the order the calls ended. Safe for use by many threads. */
public final class CallHistory {
    private final List<CallRecord> records = new ArrayList<>();

    private final Map<Outcome, Long> writes = new EnumMap<>(Outcome.class);

    /** Adds a call that has ended. */
    public synchronized void add(CallRecord ended) {
        records.add(ended);
        if (ended.act() instanceof Write) {
            writes.merge(ended.outcome(), 1L, Long::sum);
        }
    }

    /** All calls so far. */
    public synchronized List<CallRecord> records() {
        return List.copyOf(records);
    }

    /** How many writes ended so. */
    public synchronized long writes(Outcome outcome) {
        return writes.getOrDefault(outcome, 0L);
    }

    /** The moments at which writes were acknowledged, in order. */
    public long[] acknowledgements() {
        return records().stream()
                .filter(call -> call.act() instanceof Write && call.outcome() == Outcome.OK)
                .mapToLong(CallRecord::returnNanos)
                .sorted()
                .toArray();
    }

    /** Writes one line for each call, for whoever has to look at a failed run. */
    public void save(Path file) {
        try {
            Files.write(file, records().stream().map(CallRecord::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How it went, in one line. */
    public String summary() {
        long looks = records().stream()
                .filter(call -> call.act() instanceof CallRecord.Look)
                .count();
        return "writes: " + writes(Outcome.OK) + " acknowledged, " + writes(Outcome.FAIL) + " refused, "
                + writes(Outcome.UNKNOWN) + " unknown; reads: " + looks;
    }
}
