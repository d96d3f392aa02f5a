package io.statehouse.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The programs as a user runs them: the scripts, and the jars that Maven packaged last, in a directory of the tests' own
 * so that a cluster somebody runs from the same clone is never disturbed.
 */
public final class Distribution {
    private static final long ASSEMBLE_SECONDS_MAX = 300;

    private final Path root;
    private final Path jars;

    private Distribution(Path root, Path jars) {
        this.root = root;
        this.jars = jars;
    }

    /** Collects what was packaged last; quick when nothing changed. */
    public static synchronized Distribution assemble() {
        var root = ProjectRoot.find();
        var distribution = new Distribution(root, root.resolve("cluster-tests/target/dist"));
        distribution.collect();
        return distribution;
    }

    private void collect() {
        try {
            var log = Files.createDirectories(jars).resolve("assemble.log");
            // The archives pay where many nodes are started, as in a run of all tests.
            var builder = new ProcessBuilder(
                            Boolean.getBoolean("statehouse.warm")
                                    ? List.of(script("build").toString(), "--assemble", "--warm")
                                    : List.of(script("build").toString(), "--assemble"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("STATEHOUSE_DIST", jars.toString());
            var process = builder.start();
            if (!process.waitFor(ASSEMBLE_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                // What it has started would go on, and be in the way of the next attempt.
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("scripts/build --assemble failed: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the programs were collected", e);
        }
    }

    /** A script of {@code scripts/}. */
    public Path script(String name) {
        return root.resolve("scripts").resolve(name);
    }

    /** A process that will run a script on these jars. The caller says where its output goes. */
    public ProcessBuilder command(String name, String... arguments) {
        var builder = new ProcessBuilder();
        builder.command().add(script(name).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("STATEHOUSE_DIST", jars.toString());
        builder.environment().remove("STATEHOUSE_ADDR");
        return builder;
    }
}
