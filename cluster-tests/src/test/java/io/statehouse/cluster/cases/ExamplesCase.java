package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.statemachine.FeatureLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say when they and the leader are killed: what was begun is finished, and nothing is done twice. */
class ExamplesCase {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** So slow that none has finished before the last one has begun, on a busy machine too. */
    private static final String SLOW = "6000";

    private static final String STUCK = "60000";
    private static final String QUICK = "50";

    private final Distribution distribution = Distribution.assemble();

    @TempDir
    private Path directory;

    /** A run of an example, and what it must have said before it is killed. */
    private record Run(Process process, Path output, String mark) {
        String said() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean isKilled() {
            if (process.isAlive() && said().contains(mark)) {
                process.destroyForcibly();
            }
            return !process.isAlive();
        }

        String finished() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(said())
                    .isTrue();
            assertThat(process.exitValue()).as(said()).isZero();
            return said();
        }
    }

    @Test
    void anExampleGoesOnAfterItsOwnDeathAndThatOfTheLeader() throws Exception {
        try (var cluster = ProcessCluster.start("examples")) {
            awaitEdits(cluster);
            // The mail agent dies between the sending and the note of it.
            var first = List.of(
                    start(cluster, "research-agent", SLOW, "step 1 of 6"),
                    start(cluster, "email-agent", STUCK, "has the mail to ada"),
                    start(cluster, "two-writers", SLOW, "turn 1 of 6"),
                    start(cluster, "cost-report", SLOW, "20 of 200"));
            try {
                Await.until(
                        "all were killed",
                        PATIENCE,
                        () -> first.stream().map(Run::isKilled).reduce(true, Boolean::logicalAnd));
            } finally {
                first.forEach(run -> run.process().destroyForcibly());
            }
            assertThat(first)
                    .allSatisfy(
                            run -> assertThat(run.said()).contains(run.mark()).doesNotContain("finished"));

            cluster.awaitLeader().kill();
            requireFinished(cluster);
            assertThat(Files.readAllLines(outbox())).containsExactly("ada", "grace", "edsger", "barbara", "leslie");
        }
    }

    private void requireFinished(ProcessCluster cluster) throws Exception {
        var second = List.of(
                start(cluster, "research-agent", QUICK, ""),
                start(cluster, "email-agent", QUICK, ""),
                start(cluster, "two-writers", QUICK, ""),
                start(cluster, "cost-report", QUICK, ""));
        try {
            assertThat(second.get(0).finished()).contains("resumes behind step", "finished: 6 answers");
            assertThat(second.get(1).finished())
                    .contains(
                            "a run died while it sent to ada; the outbox says that it was sent", "finished: 5 people");
            assertThat(second.get(2).finished())
                    .contains("resumes behind event", "one was refused", "two was refused", "finished: 6 turns")
                    .doesNotContain("NOT REFUSED");
            assertThat(second.get(3).finished())
                    .contains(
                            "resumes behind call",
                            "by all: all: 200 calls, 20000 tokens in, 3400 tokens out, $0.200",
                            "by model: small: 100 calls");
        } finally {
            second.forEach(run -> run.process().destroyForcibly());
        }
        // Everybody has the mail: a third run sends nothing.
        assertThat(start(cluster, "email-agent", QUICK, "").finished()).doesNotContain("the mail server has");
    }

    private Path outbox() {
        return directory.resolve("outbox.txt");
    }

    private Run start(ProcessCluster cluster, String name, String pauseMillis, String mark) throws IOException {
        var argument = name.equals("email-agent") ? outbox().toString() : name;
        var builder = distribution.command("../examples/run", name, argument);
        builder.environment().put("STATEHOUSE_ADDRESS", cluster.endpoints());
        builder.environment().put("EXAMPLES_PAUSE_MS", pauseMillis);
        var output = Files.createTempFile(directory, name, ".out");
        var process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        return new Run(process, output, mark);
    }

    private static void awaitEdits(ProcessCluster cluster) {
        try (StatehouseClient client = cluster.client()) {
            Await.until("the cluster uses lists and edits", PATIENCE, () -> levelOf(client) >= FeatureLevel.EDITS);
        }
    }

    private static int levelOf(StatehouseClient client) {
        try {
            return client.admin().clusterStatus().featureLevel();
        } catch (StatehouseException e) {
            return 0;
        }
    }
}
