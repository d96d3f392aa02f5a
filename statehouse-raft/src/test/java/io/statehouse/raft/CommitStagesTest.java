package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recording shows where the time of commits goes. */
class CommitStagesTest {
    private static final String EVENT = "io.statehouse.CommitStage";
    private static final int COMMITS = 5;

    @TempDir
    private Path directory;

    @Test
    void aRecordingHasTheStagesOfEveryBatch() throws IOException {
        List<RecordedEvent> events;
        try (var recording = new Recording();
                var cluster = LocalCluster.start(directory.resolve("cluster"), 3)) {
            recording.enable(EVENT).withoutThreshold();
            recording.start();
            for (int i = 0; i < COMMITS; i++) {
                cluster.commit(Commands.put("t" + i, "k" + i, "1"));
            }
            cluster.log(cluster.awaitLeader()).takeSnapshot().join();
            cluster.awaitEqual();
            recording.stop();
            var file = directory.resolve("commits.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }

        var byStage = events.stream().collect(Collectors.groupingBy(event -> event.getString("stage")));
        assertThat(byStage.keySet()).containsExactlyInAnyOrder("propose", "replicate", "answer", "apply", "flush");
        assertThat(batches(byStage, "propose")).hasSizeGreaterThanOrEqualTo(COMMITS);
        assertThat(batches(byStage, "replicate")).containsAll(batches(byStage, "answer"));
        assertThat(byStage.get("propose"))
                .allMatch(event -> event.getInt("bytes") > 0 && event.getInt("commands") > 0)
                .allMatch(event -> !event.getDuration("queued").isNegative());
        assertThat(byStage.get("replicate"))
                .allMatch(event -> event.getDuration().toNanos() > 0);
        // Every member applies what the leader had replicated.
        assertThat(byStage.get("apply")).hasSizeGreaterThanOrEqualTo(3 * COMMITS);
        assertThat(byStage.get("apply")).allMatch(event -> event.getLong("index") > 0);
    }

    private static List<Long> batches(Map<String, List<RecordedEvent>> byStage, String stage) {
        return byStage.getOrDefault(stage, List.of()).stream()
                .map(event -> event.getLong("batch"))
                .toList();
    }
}
