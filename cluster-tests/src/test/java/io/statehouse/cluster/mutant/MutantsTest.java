package io.statehouse.cluster.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.cluster.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mutant is caught within three runs by the test it is paired with, which passes on the product as it is.
 *
 * <p>Without {@code -Dstatehouse.mutants=M4,M7} (or {@code all}) a few cheap ones are tried.
 */
class MutantsTest {
    private static final int RUNS_MAX = 3;
    private static final int MUTANTS = 20;
    private static final List<String> CHEAP = List.of("M4", "M12", "M14");

    /** How each trap did on the product as it is. */
    private static final Map<Trap, TrapRun.Outcome> CONTROLS = new HashMap<>();

    private final long seed = Long.getLong("statehouse.seed", System.nanoTime() & 0xFFFF_FFFFL);

    @Test
    void thereAreTwentyAndEachChangesMethodsThatAreThere() throws Exception {
        assertThat(Mutation.all().stream().map(Mutation::id))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, MUTANTS)
                        .mapToObj(number -> "M" + number)
                        .toList());
        for (Mutation mutation : Mutation.all()) {
            for (Change change : mutation.changes()) {
                Class<?> type =
                        Class.forName(change.className(), false, getClass().getClassLoader());
                assertThat(type.getDeclaredMethods())
                        .as(mutation.id() + " " + change.place())
                        .anyMatch(method -> method.getName().equals(change.method()));
            }
            Class<?> test =
                    Class.forName(mutation.trap().testClass(), false, getClass().getClassLoader());
            assertThat(test.getDeclaredMethods())
                    .as(mutation.id() + " " + mutation.trap())
                    .anyMatch(method -> mutation.trap().method().isEmpty()
                            || method.getName().equals(mutation.trap().method()));
        }
    }

    static Stream<Mutation> chosen() {
        String asked = System.getProperty("statehouse.mutants", "");
        if (asked.equals("all")) {
            return Mutation.all().stream();
        }
        return (asked.isEmpty() ? CHEAP.stream() : Arrays.stream(asked.split(","))).map(Mutation::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chosen")
    void isCaughtWithinThreeRuns(Mutation mutation) throws IOException {
        Path logs = Files.createDirectories(ProjectRoot.find().resolve("cluster-tests/target/mutants"));
        // The control: what fails anyway catches nothing.
        TrapRun.Outcome control =
                CONTROLS.computeIfAbsent(mutation.trap(), trap -> new TrapRun(logs, seed).run(trap, null));
        assumeTrue(control.result() != TrapRun.Result.SKIPPED, control.saw());
        assertThat(control.result()).as(control.saw()).isEqualTo(TrapRun.Result.PASSED);

        TrapRun.Outcome outcome = control;
        int runs = 0;
        while (runs < RUNS_MAX && outcome.result() != TrapRun.Result.FAILED) {
            runs++;
            outcome = new TrapRun(logs, seed + runs).run(mutation.trap(), mutation);
        }

        System.out.println("MUTANT " + mutation.id() + " | " + mutation.sentence() + " | " + mutation.trap() + " | "
                + outcome.result() + " in run " + runs + " | " + outcome.saw());
        assertThat(outcome.result()).as(outcome.saw()).isEqualTo(TrapRun.Result.FAILED);
    }
}
