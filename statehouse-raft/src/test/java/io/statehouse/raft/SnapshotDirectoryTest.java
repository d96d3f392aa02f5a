package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash can fall between any two steps; each test is what one of them leaves behind. */
class SnapshotDirectoryTest {
    @TempDir
    Path root;

    @Test
    void theFirstDatabaseIsMadeOnce() throws IOException {
        prepared();
        Files.createFile(root.resolve("db-1").resolve("row"));

        assertThat(prepared().requireCurrent()).isEqualTo(root.resolve("db-1"));
        assertThat(root.resolve("db-1").resolve("row")).exists();
    }

    @Test
    void aCrashBeforeTheFirstPointerStartsAnew() throws IOException {
        Files.createDirectory(root.resolve("db-1"));
        Files.createFile(root.resolve("CURRENT.tmp"));

        assertThat(prepared().requireCurrent()).isEqualTo(root.resolve("db-1"));
    }

    @Test
    void aCopyThatWasNotFinishedIsRemoved() throws IOException {
        var directory = prepared();
        Files.createFile(directory.newStaging().resolve("half"));
        Files.createDirectory(directory.newCheckpoint());

        prepared();

        assertThat(names()).containsExactly("CURRENT", "db-1");
    }

    @Test
    void aDatabaseThatThePointerDoesNotNameYetIsRemoved() throws IOException {
        prepared();
        Files.createFile(Files.createDirectory(root.resolve("db-2")).resolve("row"));
        Files.writeString(root.resolve("CURRENT.tmp"), "db-2");

        assertThat(prepared().requireCurrent()).isEqualTo(root.resolve("db-1"));
        assertThat(names()).containsExactly("CURRENT", "db-1");
    }

    @Test
    void aSwitchedCopyIsCurrentAndItsPredecessorGoes() throws IOException {
        var directory = prepared();
        Path staging = directory.newStaging();
        Files.createFile(staging.resolve("row"));

        directory.switchTo(staging);

        assertThat(directory.requireCurrent().resolve("row")).exists();
        assertThat(root.resolve("db-1"))
                .as("in use until the new one is opened")
                .exists();
        var current = prepared().requireCurrent().getFileName().toString();
        assertThat(names()).containsExactly("CURRENT", current);
    }

    @Test
    void aCopyThatWasFollowedByAnotherBeforeItWasOpenedGoesWithTheNextOpening() throws IOException {
        var directory = prepared();
        directory.switchTo(directory.newStaging());
        directory.switchTo(directory.newStaging());
        Path underWay = directory.newStaging();

        directory.retireAllBut(directory.requireCurrent());

        var current = directory.requireCurrent().getFileName().toString();
        assertThat(names())
                .containsExactly("CURRENT", current, underWay.getFileName().toString());
    }

    @Test
    void filesWithoutAPointerAreRefusedAndKept() throws IOException {
        Files.createFile(Files.createDirectory(root.resolve("db-7")).resolve("row"));

        assertThatThrownBy(this::prepared)
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.METADATA_DAMAGED));
        assertThat(root.resolve("db-7").resolve("row")).exists();
    }

    @Test
    void aPointerToNothingOrToElsewhereIsRefused() throws IOException {
        prepared();
        for (String name : List.of("db-9", "../db-1", "", "live")) {
            Files.writeString(root.resolve("CURRENT"), name);

            assertThatThrownBy(() ->
                            new SnapshotDirectory(root, Limits.DEFAULT, (code, reason, cause) -> {}).requireCurrent())
                    .as(name)
                    .isInstanceOf(StartRefusedException.class);
        }
    }

    @Test
    void retiringADatabaseLeavesCopiesUnderWayAndTheCurrentOne() throws IOException {
        var directory = prepared();
        Path first = directory.requireCurrent();
        directory.switchTo(directory.newStaging());
        Path second = directory.requireCurrent();
        Path arriving = directory.newStaging();
        Path leaving = Files.createDirectory(directory.newCheckpoint());

        directory.retireAllBut(second);

        assertThat(first).doesNotExist();
        assertThat(List.of(second, arriving, leaving)).allMatch(Files::exists);
    }

    @Test
    void goingBackDoesNotUndoALaterSwitch() throws IOException {
        var directory = prepared();
        Path first = directory.requireCurrent();
        directory.switchTo(directory.newStaging());
        Path second = directory.requireCurrent();
        directory.switchBack(second, first);
        assertThat(directory.requireCurrent()).isEqualTo(first);

        directory.switchTo(directory.newStaging());
        Path third = directory.requireCurrent();
        directory.switchBack(second, first);

        assertThat(directory.requireCurrent()).isEqualTo(third);
    }

    private SnapshotDirectory prepared() {
        var directory = new SnapshotDirectory(root, Limits.DEFAULT, (code, reason, cause) -> {});
        directory.prepare();
        return directory;
    }

    private List<String> names() throws IOException {
        try (var paths = Files.list(root)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
