package io.statehouse.cluster.cases;

import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs the commands of docs/operations.md as they stand there, with the variables they name. */
final class Runbook {
    private static final String FENCE = "```";

    private final Distribution distribution = Distribution.assemble();
    private final Path directory;
    private final Map<String, String> variables;

    private Runbook(Path directory, Map<String, String> variables) {
        this.directory = directory;
        this.variables = Map.copyOf(variables);
    }

    /** @param directory where it may write what the commands print */
    static Runbook in(Path directory) {
        return new Runbook(directory, Map.of());
    }

    Runbook with(String name, Object value) {
        var more = new HashMap<>(variables);
        more.put(name, value.toString());
        return new Runbook(directory, more);
    }

    record Ran(int status, String output) {}

    /** Runs the n-th block of a section, counted from 1. */
    Ran run(String section, int number) throws IOException, InterruptedException {
        return await(start(section, number));
    }

    Process start(String section, int number) throws IOException {
        var scripts =
                Objects.requireNonNull(distribution.script("statehousectl").getParent());
        var builder = distribution.command("statehousectl");
        builder.command(List.of("bash", "-c", "exec 2>&1\n" + block(section, number)));
        builder.environment().putAll(variables);
        builder.environment().merge("PATH", scripts.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("STATEHOUSE_JVM_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        var process = builder.redirectOutput(output()).start();
        process.getOutputStream().close();
        return process;
    }

    Ran await(Process process) throws IOException, InterruptedException {
        int status = process.waitFor();
        return new Ran(status, Files.readString(output().toPath()));
    }

    private java.io.File output() {
        return directory.resolve("runbook.out").toFile();
    }

    private static String block(String section, int number) throws IOException {
        List<String> blocks = new ArrayList<>();
        boolean isWithin = false;
        StringBuilder block = null;
        for (String line : Files.readAllLines(ProjectRoot.find().resolve("docs/operations.md"))) {
            if (line.startsWith("## ")) {
                isWithin = line.equals("## " + section);
            } else if (isWithin && line.equals(FENCE + "sh")) {
                block = new StringBuilder();
            } else if (block != null && line.equals(FENCE)) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks.get(number - 1);
    }
}
