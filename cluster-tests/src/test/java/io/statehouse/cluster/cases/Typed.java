package io.statehouse.cluster.cases;

import io.statehouse.cluster.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Commands as somebody types them who has the programs of this build: one after the other, in one shell. */
final class Typed {
    /** Stands between what a command printed, its exit status, and what the next one printed. */
    private static final String END = "\u001e";

    private final Process process;
    private final Path out;

    private Typed(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /**
     * Begins with them.
     *
     * @param directory where they are typed
     */
    static Typed in(Path directory, Map<String, String> environment, List<String> commands) throws IOException {
        return in(directory, environment, List.of(), commands);
    }

    /** @param shellPrefix what to put before the shell */
    static Typed in(Path directory, Map<String, String> environment, List<String> shellPrefix, List<String> commands)
            throws IOException {
        var distribution = Distribution.assemble();
        var scripts =
                Objects.requireNonNull(distribution.script("statehousectl").getParent());
        var builder = distribution.command("statehousectl");
        builder.command(new ArrayList<>(shellPrefix));
        builder.command().addAll(List.of("bash", "-o", "pipefail", "-c", script(commands)));
        builder.environment().put("STATEHOUSE_JVM_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        builder.environment().merge("PATH", scripts.toString(), (path, first) -> first + ":" + path);
        var out = Files.createTempFile(directory, "typed", ".out");
        var process = builder.directory(directory.toFile())
                .redirectOutput(out.toFile())
                .start();
        process.getOutputStream().close();
        return new Typed(process, out);
    }

    private static String script(List<String> commands) {
        var script = new StringBuilder("exec 2>&1\n");
        for (String command : commands) {
            script.append(command).append("\nstatus=$?; printf '\\036%s\\036' \"$status\"\n");
        }
        return script.append("exit \"$status\"\n").toString();
    }

    /** The shell. */
    Process process() {
        return process;
    }

    /** Waits for the end of the last one, and returns what each printed, and its exit status unless that is 0. */
    List<List<String>> outputs() throws IOException, InterruptedException {
        int unused = process.waitFor();
        String[] parts = Files.readString(out).split(END, -1);
        Files.delete(out);
        List<List<String>> outputs = new ArrayList<>();
        for (int command = 0; command + 1 < parts.length; command += 2) {
            List<String> lines = new ArrayList<>(parts[command].lines().toList());
            if (!parts[command + 1].equals("0")) {
                lines.add("(exit status " + parts[command + 1] + ")");
            }
            outputs.add(lines);
        }
        return outputs;
    }
}
