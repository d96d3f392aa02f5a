package io.statehouse.cluster.cases;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** What the nodes of a cluster logged while a fault was in force, in the order of time. */
final class NodeLogs {
    private static final Duration BEFORE = Duration.ofMillis(500);
    // As in 2026-11-21T10:15:30.123Z.
    private static final int TIME_LENGTH = 24;

    private NodeLogs() {}

    static List<String> between(ProcessCluster cluster, WriteGaps.Fault fault) {
        long nowNanos = System.nanoTime();
        Instant now = Instant.now();
        String from = text(now.minusNanos(nowNanos - fault.beganNanos()).minus(BEFORE));
        String to = text(now.minusNanos(nowNanos - fault.endedNanos()));
        return cluster.nodes().stream()
                .flatMap(NodeLogs::lines)
                .filter(line -> line.length() > TIME_LENGTH)
                .filter(line -> line.compareTo(from) >= 0
                        && line.substring(0, TIME_LENGTH).compareTo(to) <= 0)
                .sorted()
                .toList();
    }

    private static Stream<String> lines(NodeProcess node) {
        try {
            return new String(Files.readAllBytes(node.log()), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
