package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.ProjectRoot;
import io.statehouse.cluster.SingleNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/commands.md shows what the commands print: each is run in its place and compared. */
class CommandsCase {
    private static final String BOOTSTRAP = "0123456789abcdef0123456789abcdef";
    private static final String TOKENS = "Tokens";
    private static final Duration END_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void thePageShowsWhatTheCommandsPrint() throws Exception {
        var page = CommandsPage.read(ProjectRoot.find().resolve("docs/commands.md"));
        List<List<String>> outputs = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        var secured = Map.of("STATEHOUSE_AUTH", "true", "STATEHOUSE_AUTH_BOOTSTRAP", BOOTSTRAP);
        try (var cluster = ProcessCluster.start("commands");
                var other = SingleNode.in(directory.resolve("secured"), secured).found()) {
            var third = cluster.node("n3");
            var open = Map.of(
                    "STATEHOUSE_ADDRESS", cluster.endpoints(), "N3", "n3=" + third.raftAddress() + "/" + third.api());
            var closed = Map.of("STATEHOUSE_ADDRESS", other.node().api(), "STATEHOUSE_TOKEN", BOOTSTRAP);
            for (var step : page.steps()) {
                switch (step) {
                    case CommandsPage.Event event -> {
                        if (event.text().startsWith("n3")) {
                            startAnew(third);
                        } else {
                            Await.until(event.text(), END_MAX, () -> isCounted(open));
                        }
                    }
                    case CommandsPage.Command command -> {
                        var output = run(command.text(), command.section().equals(TOKENS) ? closed : open);
                        outputs.add(output);
                        shown.add(command.text());
                        shown.addAll(command.output());
                        printed.add(command.text());
                        printed.addAll(output);
                    }
                }
            }
        }
        if (Boolean.getBoolean(CommandsPage.RECORD)) {
            page.record(outputs);
        } else {
            assertThat(Printed.constant(printed)).isEqualTo(Printed.constant(shown));
        }
    }

    private static void startAnew(NodeProcess node) {
        if (node.isAlive()) {
            node.kill();
        }
        var unused = node.awaitExit(END_MAX);
        node.wipe();
        node.startJoining();
        node.awaitListening();
    }

    private boolean isCounted(Map<String, String> environment) {
        try {
            return run("statehousectl quota get scratch --json", environment)
                    .toString()
                    .contains("\"is_counted\":true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a command prints, and its exit status unless that is 0. */
    private List<String> run(String command, Map<String, String> environment) throws IOException, InterruptedException {
        var scratch = Files.createDirectories(directory.resolve("scratch"));
        return Typed.in(scratch, environment, List.of(command)).outputs().getFirst();
    }
}
