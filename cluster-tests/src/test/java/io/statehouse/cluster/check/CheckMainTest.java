package io.statehouse.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.history.Endpoint;
import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.ReplayEnded;
import io.statehouse.cluster.check.history.HistoryLine.Replayed;
import io.statehouse.cluster.check.history.HistoryLine.Setting;
import io.statehouse.cluster.check.history.HistoryReader;
import io.statehouse.cluster.check.history.HistoryWriter;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckMainTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aLegalRunPasses() throws IOException {
        write(1, new Setting(Checks.REQUIRE, "linearizable,replay"));

        assertThat(check()).isEqualTo(CheckMain.PASS);
        assertThat(text()).contains("linearizable   LEGAL").contains("replay         LEGAL");
    }

    @Test
    void aBrokenPromiseIsShownWithItsWitness() throws IOException {
        write(0);

        assertThat(check()).isEqualTo(CheckMain.VIOLATION);
        assertThat(text())
                .contains("linearizable   ILLEGAL")
                .contains("NOT_LINEARIZABLE")
                .contains("read ns/a/k");
    }

    @Test
    void tooFewFactsAreNoPass() throws IOException {
        write(1, new Setting(Checks.REQUIRE, "linearizable"), new Setting(Checks.MINIMUM, "200"));

        assertThat(check()).isEqualTo(CheckMain.UNDECIDED);
        assertThat(text()).contains("UNDECIDED  only 2 of at least 200 facts");
    }

    @Test
    void aRequiredCheckerWithNothingToGoByIsNoPass() throws IOException {
        write(1, new Setting(Checks.REQUIRE, "bank"));

        assertThat(check()).isEqualTo(CheckMain.UNDECIDED);
    }

    @Test
    void aRequiredCheckerThatDoesNotExistIsNoPass() throws IOException {
        write(1, new Setting(Checks.REQUIRE, "linearisable"));

        assertThat(check()).isEqualTo(CheckMain.UNDECIDED);
        assertThat(text()).contains("there is no such checker");
    }

    @Test
    void aFileThatIsNoHistoryIsNoPass() throws IOException {
        Files.writeString(directory.resolve("a" + HistoryReader.SUFFIX), "nonsense\n");

        assertThat(check()).isEqualTo(CheckMain.UNDECIDED);
    }

    @Test
    void anEmptyHistoryIsNoPass() throws IOException {
        Files.writeString(directory.resolve("a" + HistoryReader.SUFFIX), "");

        assertThat(check()).isEqualTo(CheckMain.UNDECIDED);
    }

    @Test
    void withoutADirectoryItTellsItsUsage() throws IOException {
        assertThat(CheckMain.run(new String[0], new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .isEqualTo(CheckMain.USAGE);
    }

    /** A put, and a read after it that finds so many versions. */
    private void write(long versionsFound, HistoryLine... more) throws IOException {
        Path file = directory.resolve("run" + HistoryReader.SUFFIX);
        try (HistoryWriter writer = HistoryWriter.create(file, new AtomicLong()::incrementAndGet)) {
            var put = new Operation.Put(Script.key("k"), Script.json("1"));
            long write = writer.called(1, Load.REGISTER, new Request.Commit(Script.txn("t"), List.of(put), List.of()));
            writer.returned(
                    write, Outcome.OK, Endpoint.UNKNOWN, new Response.Committed(Script.ts(1), List.of(1L), false));
            long read = writer.called(1, Load.REGISTER, new Request.Read(Script.key("k"), ReadPoint.LATEST));
            Response found = new Response.Found(
                    versionsFound == 0 ? null : Script.json("1"),
                    versionsFound,
                    Script.ts(versionsFound),
                    Script.ts(1));
            writer.returned(read, Outcome.OK, Endpoint.UNKNOWN, found);
            Event event = new Event.EntryPut(Script.key("k"), 1, Script.json("1"));
            writer.write(new Replayed(9, new ReplayedCommit(Script.ts(1), 1, Script.txn("t"), List.of(event))));
            writer.write(new ReplayEnded(9, "n1", 100, Script.ts(1)));
            for (HistoryLine line : more) {
                writer.write(line);
            }
        }
    }

    private int check() throws IOException {
        return CheckMain.run(
                new String[] {directory.toString()}, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
