package io.statehouse.cluster.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every block of docs/operations.md is of commands and what they print, and some test runs it and compares, by the name of its section
 * and its number.
 */
class RunbooksTest {
    private static final String FENCE = "```";
    private static final String CONSOLE = FENCE + "console";

    private final Path root = ProjectRoot.find();

    @Test
    void everyRunbookIsRunByATest() throws IOException {
        String tests = tests();

        assertThat(blocks())
                .hasSizeGreaterThan(20)
                .allSatisfy(block -> assertThat(tests).as(block).contains(block));
    }

    @Test
    void everyBlockIsOneThatATestCompares() throws IOException {
        assertThat(Files.readAllLines(root.resolve("docs/operations.md")))
                .filteredOn(line -> line.startsWith(FENCE))
                .containsOnly(FENCE, CONSOLE);
    }

    /** As a test would name it: {@code shows("Section", 1)}. */
    private List<String> blocks() throws IOException {
        List<String> blocks = new ArrayList<>();
        String section = "";
        int number = 0;
        for (String line : Files.readAllLines(root.resolve("docs/operations.md"))) {
            if (line.startsWith("## ")) {
                section = line.substring("## ".length());
                number = 0;
            } else if (line.equals(CONSOLE)) {
                number++;
                blocks.add("shows(\"" + section + "\", " + number + ")");
            }
        }
        return blocks;
    }

    private String tests() throws IOException {
        try (var files = Files.walk(root.resolve("cluster-tests/src/test/java"))) {
            return files.filter(file -> file.toString().endsWith("Case.java"))
                    .map(RunbooksTest::read)
                    .reduce("", String::concat);
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
