package io.statehouse.cluster.bench;

import io.statehouse.cluster.ProjectRoot;
import io.statehouse.cluster.fault.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the commands have in common: lists and bounds in arguments, a directory to work in, files to leave. */
final class Arguments {
    private Arguments() {}

    /** The parts of a list that is separated by commas. */
    static <T> List<T> list(String text, String option, Function<String, T> part) {
        List<T> parts = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .map(part)
                .distinct()
                .toList();
        if (parts.isEmpty()) {
            throw new IllegalArgumentException(option + " is empty");
        }
        return parts;
    }

    static int number(String text, String option, int max) {
        try {
            return within(Integer.parseInt(text), option, max);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is " + text + "; it must be a number", e);
        }
    }

    static int within(int number, String option, int max) {
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(option + " is " + number + "; it must be 1 to " + max);
        }
        return number;
    }

    /** An empty directory for the data of a run. What an earlier run of the same command left is deleted. */
    static Path emptyDirectory(String command) {
        Path directory =
                ProjectRoot.find().resolve("cluster-tests/target/bench").resolve(command);
        delete(directory);
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A directory that the user names, made if it is not there. */
    static Path directory(Path named) {
        try {
            return Files.createDirectories(named);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) {
        String unused = Shell.run("rm", "-rf", "--", directory.toString());
    }

    static void write(@Nullable Path file, String text) {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
