package io.statehouse.cluster.mutant;

import io.statehouse.cluster.SingleNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a trap, with a mutant or without. */
final class TrapRun {
    private static final Duration RUN_MAX = Duration.ofMinutes(8);
    private static final int MESSAGE_CHARS_MAX = 220;

    private final Path directory;
    private final long seed;

    /** How a run ended. */
    enum Result {
        PASSED,
        FAILED,
        SKIPPED,
        /** It says nothing: the break was not met, or the run itself came to grief. */
        INVALID
    }

    /**
     * What a run showed.
     *
     * @param saw what the test complained of
     */
    record Outcome(Result result, String saw) {}

    TrapRun(Path directory, long seed) {
        this.directory = directory;
        this.seed = seed;
    }

    /** Runs a trap on the product with a mutant in it; without one on the product as it is. */
    Outcome run(Trap trap, @Nullable Mutation mutation) {
        Path log = directory.resolve(
                trap.toString().replace('#', '-') + "-" + (mutation == null ? "control" : mutation.id()) + ".log");
        try {
            if (mutation != null) {
                Files.deleteIfExists(AgentJar.witness(directory, mutation.id()));
            }
            Process process = new ProcessBuilder(command(trap, mutation))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(RUN_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Outcome(Result.INVALID, "did not end; see " + log);
            }
            return outcome(process.exitValue(), Files.readAllLines(log), mutation, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + trap + " ran", e);
        }
    }

    private List<String> command(Trap trap, @Nullable Mutation mutation) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (mutation != null) {
            String flag = AgentJar.flag(directory, mutation.id());
            command.add(trap.layer() == Trap.Layer.TEST ? flag : "-D" + SingleNode.JVM_OPTIONS_PROPERTY + "=" + flag);
        }
        trap.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-Dstatehouse.seed=" + seed);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                TrapMain.class.getName(),
                trap.testClass(),
                trap.method()));
        return command;
    }

    private Outcome outcome(int status, List<String> lines, @Nullable Mutation mutation, Path log) {
        String failure = lines.stream()
                .filter(line -> line.startsWith(TrapMain.FAILURE))
                .findFirst()
                .orElse("");
        String saw = failure.substring(Math.min(failure.length(), TrapMain.FAILURE.length()));
        saw = saw.substring(0, Math.min(saw.length(), MESSAGE_CHARS_MAX));
        if (mutation != null && Files.notExists(AgentJar.witness(directory, mutation.id()))) {
            return new Outcome(Result.INVALID, "the break was never met; see " + log);
        }
        return switch (status) {
            case TrapMain.PASSED -> new Outcome(Result.PASSED, "");
            case TrapMain.FAILED -> new Outcome(Result.FAILED, saw);
            case TrapMain.SKIPPED -> new Outcome(Result.SKIPPED, "no test ran; see " + log);
            default -> new Outcome(Result.INVALID, "ended with status " + status + "; see " + log);
        };
    }
}
