package io.statehouse.cluster.fault;

import io.statehouse.cluster.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes system calls of a running process fail, wait or kill it, by strace; ends when it is closed.
 *
 * <p>Needs strace and the right to trace the process. Every traced call costs a stop of its thread, so it is attached only
 * while a fault lasts.
 */
public final class SyscallInjector implements AutoCloseable {
    private static final Duration ATTACH_MAX = Duration.ofSeconds(20);
    private static final Duration DETACH_MAX = Duration.ofSeconds(20);
    private static final String INJECTED = "(INJECTED)";
    private static final String DELAYED = "(DELAYED)";
    private static final String KILLED = "+++ killed by SIGKILL";

    private final Process strace;
    private final Path calls;

    private SyscallInjector(Process strace, Path calls) {
        this.strace = strace;
        this.calls = calls;
    }

    /** Why calls cannot be injected here; empty when they can. */
    public static String obstacle() {
        String missing = Tool.obstacle("strace", "strace");
        if (!missing.isEmpty()) {
            return missing;
        }
        return Shell.succeeds("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "true")
                ? ""
                : "strace may not trace processes here";
    }

    /**
     * What to put before a command so that it runs with an injection from its first call on.
     *
     * @param calls a file that will list the calls that were hit
     */
    public static List<String> commandPrefix(Path calls, Injection injection) {
        return strace(calls, injection);
    }

    /** Attaches to a process and all its threads; returns when the injection holds. */
    public static SyscallInjector attach(long pid, Injection injection) {
        try {
            Path calls = Files.createTempFile("statehouse-strace", ".calls");
            Path said = Files.createTempFile("statehouse-strace", ".said");
            var command = new ArrayList<>(strace(calls, injection));
            command.remove("-qq");
            command.addAll(List.of("-p", Long.toString(pid)));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            process.getOutputStream().close();
            Await.until("strace is attached to " + pid, ATTACH_MAX, () -> isAttached(process, said));
            Files.delete(said);
            return new SyscallInjector(process, calls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAttached(Process process, Path said) {
        try {
            if (!process.isAlive()) {
                throw new AssertionError("strace ended: " + Files.readString(said));
            }
            return Files.readString(said).contains("attached");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> strace(Path calls, Injection injection) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                calls.toString(),
                "-e",
                "trace=" + injection.calls(),
                "-e",
                injection.argument());
    }

    /** How many calls were hit so far. */
    public long hits() {
        return hitsIn(calls);
    }

    /** How many calls a list of {@link #commandPrefix} says were hit; being killed counts as one. */
    public static long hitsIn(Path calls) {
        try {
            var lines = Files.readAllLines(calls);
            long hits = lines.stream()
                    .filter(line -> line.contains(INJECTED) || line.contains(DELAYED))
                    .count();
            return hits + (lines.stream().anyMatch(line -> line.contains(KILLED)) ? 1 : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Detaches; the process goes on as before, if it still runs. */
    @Override
    public void close() {
        strace.destroy();
        try {
            if (!strace.waitFor(DETACH_MAX.toSeconds(), TimeUnit.SECONDS)) {
                strace.destroyForcibly();
            }
            Files.deleteIfExists(calls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
