package io.statehouse.cluster.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every source file is tidy, and each rule of tidiness is known to bite. */
class TidyTest {
    // Written by others and changed in a few lines; its file says so.
    private static final String OURS = "/io/statehouse/";

    private static final List<SourceFile> SOURCES = SourceFile.allUnder(ProjectRoot.find()).stream()
            .filter(file -> file.path().contains(OURS))
            .toList();

    @Test
    void everySourceIsTidy() {
        assertThat(SOURCES).hasSizeGreaterThan(50);
        assertThat(SOURCES.stream().flatMap(file -> Tidiness.complaints(file).stream()))
                .isEmpty();
    }

    @Test
    void everyPackageSaysItsIdea() {
        assertThat(packages("")).isEqualTo(packages("package-info.java"));
    }

    // The pages are called by their numbers: "decision 0024".
    @Test
    void everyDecisionHasANumberOfItsOwn() throws IOException {
        try (Stream<Path> pages = Files.list(ProjectRoot.find().resolve("docs/decisions"))) {
            var numbers = pages.map(page -> page.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(name -> name.substring(0, name.indexOf('-')))
                    .toList();
            assertThat(numbers).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        }
    }

    private static Set<String> packages(String holding) {
        return SOURCES.stream()
                .map(SourceFile::path)
                .filter(path -> path.contains("/src/main/") && path.endsWith(holding))
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aFileThatIsTooLongIsNamed() {
        var text = "class A {\n" + "\n".repeat(Tidiness.FILE_LINES_MAX) + "}\n";

        assertThat(complaints(text)).containsExactly("raft/src/main/A.java:402: the file has 402 lines; at most 400");
    }

    @Test
    void aMethodThatIsTooLongIsNamed() {
        var text = "class A {\n void f() {\n" + "  ;\n".repeat(Tidiness.METHOD_LINES_MAX) + " }\n}\n";

        assertThat(complaints(text)).containsExactly("raft/src/main/A.java:2: f has 52 lines; at most 50");
    }

    @Test
    void tooManyParametersAreNamedAndComponentsOfARecordAreNot() {
        var six = "int a, int b, int c, int d, int e, int f";

        assertThat(complaints("class A { void f(" + six + ") {} }"))
                .containsExactly("raft/src/main/A.java:1: f has 6 parameters; at most 5");
        assertThat(complaints("record A(" + six + ") { A {} }")).isEmpty();
    }

    @Test
    void workPutOffTabsAndSleepsAreNamed() {
        assertThat(complaints("// TO" + "DO later\nclass A {\n\tvoid f() { Thread.sleep(1); }\n}"))
                .containsExactly(
                        "raft/src/main/A.java:1: work put off; do it or file it",
                        "raft/src/main/A.java:3: a tab",
                        "raft/src/main/A.java:3: Thread.sleep; wait for a condition with a deadline");
    }

    @Test
    void aPublicTypeWithoutItsIdeaIsNamedAlsoWhenNested() {
        assertThat(complaints("/** Holds an idea. */ public class A { public record B() {} class C {} }"))
                .containsExactly("raft/src/main/A.java:1: the public type B does not say its idea in one sentence");
    }

    @Test
    void printingIsForCommandLines() {
        var text = "class A { void f() { System.out.println(); } }";

        assertThat(complaints(text))
                .containsExactly(
                        "raft/src/main/A.java:1: System.out.println outside a command line; log it or return it");
        assertThat(Tidiness.complaints(new SourceFile("client/src/main/java/io/statehouse/cli/A.java", text)))
                .isEmpty();
    }

    @Test
    void aSuppressionNeedsAReason() {
        assertThat(complaints("class A {\n @SuppressWarnings(\"unused\")\n int a;\n}"))
                .containsExactly("raft/src/main/A.java:2: a warning is suppressed without a reason beside it");
        assertThat(complaints("class A {\n // Read by reflection.\n @SuppressWarnings(\"unused\")\n int a;\n}"))
                .isEmpty();
    }

    private static List<String> complaints(String text) {
        return Tidiness.complaints(new SourceFile("raft/src/main/A.java", text));
    }
}
