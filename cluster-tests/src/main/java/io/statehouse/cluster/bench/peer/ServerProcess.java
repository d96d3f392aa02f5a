package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.Reaper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of another system: a directory, a command that names it, and the process that runs it now. */
final class ServerProcess implements AutoCloseable {
    private static final long DEATH_SECONDS_MAX = 20;

    private final Path directory;
    private final List<String> command;
    private @Nullable Process process;

    /** Its directory must be named by its command. */
    ServerProcess(Path directory, List<String> command) {
        this.directory = directory;
        this.command = List.copyOf(command);
    }

    Path log() {
        return directory.resolveSibling(directory.getFileName() + ".log");
    }

    void start() {
        try {
            Files.createDirectories(directory);
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            started.getOutputStream().close();
            Reaper.register(started.pid(), directory.toString());
            process = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if it has ended by itself. */
    void requireAlive() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(command.getFirst() + " has ended; see " + log());
        }
    }

    /** Ends it as a crash would. */
    void kill() {
        end(true);
    }

    /** Asks it to stop, and does not ask twice. */
    @Override
    public void close() {
        end(false);
    }

    private void end(boolean isCrash) {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            if (isCrash) {
                running.destroyForcibly();
            } else {
                running.destroy();
            }
            if (!running.waitFor(DEATH_SECONDS_MAX, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.destroyForcibly();
        }
    }
}
