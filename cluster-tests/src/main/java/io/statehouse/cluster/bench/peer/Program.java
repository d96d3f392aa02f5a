package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.fault.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program of a system under comparison.
 *
 * @param name what is run
 * @param debianPackage what brings it
 */
public record Program(String name, String debianPackage) {
    // Debian keeps the servers of PostgreSQL, one directory for each version, off the path.
    private static final Path POSTGRES_VERSIONS = Path.of("/usr/lib/postgresql");
    private static final Duration INSTALL_MAX = Duration.ofMinutes(10);

    /** Where it is; null if it is not installed. */
    public @Nullable Path find() {
        return directories().stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Where it is, when that was made sure before. */
    Path require() {
        Path found = find();
        if (found == null) {
            throw new IllegalStateException(name + " is missing: apt-get install " + debianPackage);
        }
        return found;
    }

    private static List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .forEach(directories::add);
        if (Files.isDirectory(POSTGRES_VERSIONS)) {
            try (Stream<Path> versions = Files.list(POSTGRES_VERSIONS)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(directories::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return directories;
    }

    /** Those of the systems that are not installed. */
    public static List<Program> missing(List<Contender> contenders) {
        return contenders.stream()
                .flatMap(contender -> contender.programs().stream())
                .filter(program -> program.find() == null)
                .toList();
    }

    /** Installs the packages of these with {@code apt-get}. */
    public static void install(List<Program> programs) {
        List<String> packages =
                programs.stream().map(Program::debianPackage).distinct().toList();
        Shell.run("apt-get", "update");
        List<String> command = new ArrayList<>(List.of(
                "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends"));
        command.addAll(packages);
        Shell.run(command, INSTALL_MAX);
    }
}
