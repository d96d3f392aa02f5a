package io.statehouse.cluster.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Java source of this project.
 *
 * @param path from the project's root, with slashes
 */
record SourceFile(String path, String text) {
    boolean isTest() {
        return path.contains("/src/test/");
    }

    /** Command lines, examples and the tests' own programs talk to a person; everything else must not. */
    boolean mustBeSilent() {
        boolean talks = path.contains("/cli/") || path.startsWith("examples/") || path.startsWith("cluster-tests/");
        return path.contains("/src/main/") && !talks;
    }

    /** Every Java source under the root, in a fixed order. */
    static List<SourceFile> allUnder(Path root) {
        try (var modules = Files.list(root);
                var integrations = Files.list(root.resolve("integrations"))) {
            return Stream.concat(modules, integrations)
                    .map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .flatMap(source -> under(root, source).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SourceFile> under(Path root, Path directory) {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .map(file -> read(root, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(Path root, Path file) {
        try {
            return new SourceFile(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
