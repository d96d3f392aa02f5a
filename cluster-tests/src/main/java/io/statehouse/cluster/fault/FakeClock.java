package io.statehouse.cluster.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The wall clock of one process, by libfaketime: it can be put forward and back while the process runs. */
public final class FakeClock {
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path file;
    private final Map<String, String> environment;

    private FakeClock(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** Why clocks cannot be faked here; empty when they can. */
    public static String obstacle() {
        return library().isEmpty() ? "libfaketime is missing: apt-get install faketime" : "";
    }

    /**
     * A clock that is right until it is told otherwise. The time that timeouts are measured by stays true.
     *
     * @param file where the process will look up what its clock says
     */
    public static FakeClock at(Path file) {
        // The library believes that timed waits need its help. Where the clock of timeouts is true they do not, and
        // with it they
        // end at once, so that the threads of a JVM turn in circles.
        return of(file, Map.of("FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
    }

    /** A clock whose {@link #run} changes the time that timeouts are measured by too. */
    public static FakeClock ofAllTime(Path file) {
        return of(file, Map.of());
    }

    private static FakeClock of(Path file, Map<String, String> more) {
        var environment = new TreeMap<>(more);
        environment.put("LD_PRELOAD", library());
        environment.put("FAKETIME_TIMESTAMP_FILE", file.toString());
        environment.put("FAKETIME_NO_CACHE", "1");
        var clock = new FakeClock(file, Map.copyOf(environment));
        clock.jump(Duration.ZERO);
        return clock;
    }

    /** For the environment of the process. */
    public Map<String, String> environment() {
        return environment;
    }

    /** From now on the clock is so much ahead of the true time, or behind it. */
    public void jump(Duration fromTrueTime) {
        write((fromTrueTime.isNegative() ? "" : "+") + fromTrueTime.toSeconds());
    }

    /** From now on the clock runs so many times as fast as the true time. */
    public void run(double speed) {
        write("+0 x" + speed);
    }

    private void write(String text) {
        try {
            // The process may read at any moment, and must never find half of it.
            Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text + "\n");
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty when it is not installed. */
    private static String library() {
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return "";
        }
        try (Stream<Path> directories = Files.list(libraries)) {
            return Stream.concat(Stream.of(libraries), directories)
                    .map(directory -> directory.resolve(LIBRARY))
                    .filter(Files::exists)
                    .map(Path::toString)
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
