package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the commands of docs/operations.md as they stand there, with the variables they name. */
final class Runbook {
    private static final Path PAGE = ProjectRoot.find().resolve("docs/operations.md");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Map<String, String> variables;
    private final List<String> shellPrefix;
    private final Duration patience;

    private Runbook(Path directory, Map<String, String> variables, List<String> shellPrefix, Duration patience) {
        this.directory = directory;
        this.variables = Map.copyOf(variables);
        this.shellPrefix = List.copyOf(shellPrefix);
        this.patience = patience;
    }

    /** @param directory where the commands are typed */
    static Runbook in(Path directory) {
        return new Runbook(directory, Map.of(), List.of(), Duration.ZERO);
    }

    Runbook with(String name, Object value) {
        var more = new HashMap<>(variables);
        more.put(name, value.toString());
        return new Runbook(directory, more, shellPrefix, patience);
    }

    /** The same in a shell that another program starts. */
    Runbook behind(String... prefix) {
        return new Runbook(directory, variables, List.of(prefix), patience);
    }

    /** The same, which looks again when a busy machine shows something else. For commands that only look. */
    Runbook patiently() {
        return new Runbook(directory, variables, shellPrefix, PATIENCE);
    }

    /** @param status of the last command */
    record Ran(int status, String output) {}

    /** Runs the n-th block of a section, counted from 1. */
    Ran run(String section, int number) throws IOException, InterruptedException {
        var typed = start(section, number);
        return ran(typed, typed.outputs());
    }

    Typed start(String section, int number) throws IOException {
        return start(CommandsPage.read(PAGE).block(section, number));
    }

    private Typed start(List<CommandsPage.Command> block) throws IOException {
        return Typed.in(
                directory,
                variables,
                shellPrefix,
                block.stream().map(CommandsPage.Command::text).toList());
    }

    private static Ran ran(Typed typed, List<List<String>> outputs) {
        return new Ran(typed.process().exitValue(), String.join("\n", lines(outputs)));
    }

    private static List<String> lines(List<List<String>> outputs) {
        return outputs.stream().flatMap(List::stream).toList();
    }

    /** Runs it, and compares what it prints with what the page shows; or writes that into the page. */
    Ran shows(String section, int number) throws IOException, InterruptedException {
        var page = CommandsPage.read(PAGE);
        var block = page.block(section, number);
        var shown = Printed.constant(
                lines(block.stream().map(CommandsPage.Command::output).toList()));
        long began = System.nanoTime();
        while (true) {
            var typed = start(block);
            var outputs = typed.outputs();
            if (Boolean.getBoolean(CommandsPage.RECORD)) {
                page.record(section, number, outputs);
                return ran(typed, outputs);
            }
            var printed = Printed.constant(lines(outputs));
            if (printed.equals(shown) || System.nanoTime() - began >= patience.toNanos()) {
                assertThat(printed).as(section + ", " + number).isEqualTo(shown);
                return ran(typed, outputs);
            }
        }
    }
}
