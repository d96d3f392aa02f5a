package io.statehouse.cluster.cases;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Raft log so small that it is purged within seconds, and the knowledge of when it was. */
final class LittleLog {
    static final Map<String, String> SETTINGS =
            Map.of("STATEHOUSE_SNAPSHOT_INTERVAL", "200", "STATEHOUSE_LOG_SEGMENT_BYTES", "65536");

    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");
    private static final int WRITES_PER_LOOK = 50;
    private static final Duration PURGE_MAX = Duration.ofMinutes(3);

    private LittleLog() {}

    /** Writes until nothing that a node could have seen before now is left in the leader's log. */
    static void outgrow(ProcessCluster cluster, Runnable write) {
        // Whatever there is now lies in the segment that is open or in older ones; all of them must go.
        long openNow = last(segments(cluster));
        writeUntil("a new segment is opened", write, () -> last(segments(cluster)) > openNow);
        long opened = last(segments(cluster));
        writeUntil("the older segments are purged", write, () -> first(segments(cluster)) >= opened);
    }

    private static void writeUntil(String what, Runnable write, Supplier<Boolean> condition) {
        Await.until(what, PURGE_MAX, () -> {
            for (int i = 0; i < WRITES_PER_LOOK; i++) {
                write.run();
            }
            return condition.get();
        });
    }

    private static long first(List<Long> segments) {
        return segments.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    private static long last(List<Long> segments) {
        return segments.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The first index of each file of the leader's log. */
    private static List<Long> segments(ProcessCluster cluster) {
        var raft = cluster.awaitLeader().dataDirectory().resolve("raft");
        try (Stream<Path> groups = Files.list(raft)) {
            var group = groups.filter(Files::isDirectory).findFirst().orElseThrow();
            try (Stream<Path> files = Files.list(group.resolve("current"))) {
                return files.map(file -> SEGMENT.matcher(file.getFileName().toString()))
                        .filter(Matcher::matches)
                        .map(match -> Long.parseLong(match.group(1)))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
