package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code pgbench --log} wrote: every transaction with its time, so that the warm-up can be left out. */
final class PgbenchLog {
    private static final int LATENCY_MICROS = 2;
    private static final int EPOCH_SECONDS = 4;
    private static final int EPOCH_MICROS = 5;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private PgbenchLog() {}

    /** The moments of a transaction, in microseconds. */
    private record Line(long began, long ended) {}

    /** Counts the transactions of all logs that start so, and deletes the logs. */
    static Tally read(Path prefix, Drill drill, long thingsOfEach) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (Stream<Path> logs = Files.list(prefix.toAbsolutePath().getParent())) {
            String name = prefix.getFileName() + ".";
            for (Path log : logs.filter(file -> file.getFileName().toString().startsWith(name))
                    .toList()) {
                Files.readAllLines(log).forEach(line -> lines.add(parse(line)));
                Files.delete(log);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("the log of pgbench cannot be read", e);
        }
        return tally(lines, drill, thingsOfEach);
    }

    private static Line parse(String line) {
        String[] words = line.split(" ", -1);
        long ended = Long.parseLong(words[EPOCH_SECONDS]) * MICROS_PER_SECOND + Long.parseLong(words[EPOCH_MICROS]);
        return new Line(ended - Long.parseLong(words[LATENCY_MICROS]), ended);
    }

    private static Tally tally(List<Line> lines, Drill drill, long thingsOfEach) {
        long first = lines.stream().mapToLong(Line::began).min().orElse(0);
        long start = drill.warmup().toNanos();
        var tally = new Tally(start, start + drill.measured().toNanos());
        for (Line line : lines) {
            tally.succeeded(
                    (line.began() - first) * NANOS_PER_MICRO, (line.ended() - first) * NANOS_PER_MICRO, thingsOfEach);
        }
        return tally;
    }
}
