package io.statehouse.cluster.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of docs/architecture.md hold, and each of them is known to bite. */
class ArchitectureTest {
    private static JavaClasses shipped;

    @BeforeAll
    static void readAllClasses() {
        shipped = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.statehouse");
    }

    static List<Law> laws() {
        return Laws.ALL;
    }

    @ParameterizedTest
    @MethodSource("laws")
    void theLawHolds(Law law) {
        law.rule().as(law.claim()).allowEmptyShould(true).check(shipped);
    }

    @ParameterizedTest
    @MethodSource("laws")
    void theLawBites(Law law, @TempDir Path scratch) {
        var verdict = law.rule().evaluate(Offenders.compile(law.offender(), scratch));

        assertThat(verdict.hasViolation()).isTrue();
    }

    @Test
    void everyModuleIsThere() {
        assertThat(List.of("statemachine", "raft", "node", "client", "cli", "proto"))
                .allSatisfy(module -> assertThat(shipped)
                        .anySatisfy(type -> assertThat(type.getPackageName()).startsWith("io.statehouse." + module)));
    }
}
