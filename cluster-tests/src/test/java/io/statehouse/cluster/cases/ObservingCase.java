package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.cluster.SingleNode;
import java.nio.file.Path;
import java.util.Map;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands by which the manual looks into a running node do so. */
class ObservingCase {
    @TempDir
    private Path directory;

    @Test
    void aProcessShowsItsMetricsAndRecordsTheStagesOfItsCommits() throws Exception {
        try (var node = SingleNode.in(directory.resolve("node"), Map.of()).found()) {
            var recording = directory.resolve("commits.jfr");
            var runbook = Runbook.in(directory)
                    .with("HTTP", "127.0.0.1:" + node.node().httpPort())
                    .with("PID", node.node().pid())
                    .with("RECORDING", recording)
                    .with("PATH", toolsOfThisJava() + ":" + System.getenv("PATH"));

            var unused = runbook.shows("Where the time of commits goes", 1);
            try (var client = node.client()) {
                client.put("ada", "k", Json.of(1));
            }
            unused = runbook.shows("Where the time of commits goes", 2);
            unused = runbook.shows("Metrics and alerts", 1);

            assertThat(RecordingFile.readAllEvents(recording).stream().map(event -> event.getString("stage")))
                    .contains("propose", "replicate", "apply", "answer");
        }
    }

    private static String toolsOfThisJava() {
        return Path.of(System.getProperty("java.home"), "bin").toString();
    }
}
