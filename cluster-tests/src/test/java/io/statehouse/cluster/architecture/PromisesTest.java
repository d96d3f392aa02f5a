package io.statehouse.cluster.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every sentence of a page that promises something names tests, and these tests exist. */
class PromisesTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|Case))\\.(\\w+)`");

    private final Path root = ProjectRoot.find();

    @ParameterizedTest
    @CsvSource({"time.md, 30", "security.md, 22", "agents.md, 30"})
    void everyPromiseNamesATestThatExists(String page, int promisesMin) throws IOException {
        var tests = tests();
        var promises = Files.readAllLines(root.resolve("docs").resolve(page)).stream()
                .filter(line -> line.startsWith("- "))
                .toList();

        assertThat(promises).hasSizeGreaterThanOrEqualTo(promisesMin);
        assertThat(promises).allSatisfy(promise -> {
            var named = NAMED.matcher(promise).results().toList();
            assertThat(named).as(promise).isNotEmpty();
            assertThat(named)
                    .as(promise)
                    .allMatch(name -> tests.stream()
                            .anyMatch(file -> file.getFileName().toString().equals(name.group(1) + ".java")
                                    && read(file).contains("void " + name.group(2) + "(")));
        });
    }

    private List<Path> tests() throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
