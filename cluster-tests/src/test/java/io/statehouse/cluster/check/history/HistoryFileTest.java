package io.statehouse.cluster.check.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryLine.ReplayEnded;
import io.statehouse.cluster.check.history.HistoryLine.Replayed;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.HistoryLine.Setting;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    private static final Agent AGENT = new Agent("näme\nspace", "a\"gent");
    private static final Key KEY = AGENT.key("k/\u0000/\uD83D\uDE00");
    private static final Json VALUE = Json.ofTrusted("{ \"a\" :1.0}".getBytes(StandardCharsets.UTF_8));
    private static final TxnId TXN = new TxnId("t-1");
    private static final CommitTs TS = new CommitTs(7);
    private static final List<Request> REQUESTS = List.of(
            new Request.Commit(
                    TXN,
                    List.of(new Operation.Put(KEY, VALUE), new Operation.Delete(KEY)),
                    List.of(
                            new Condition.VersionEquals(KEY, 3),
                            new Condition.Exists(KEY),
                            new Condition.Absent(KEY),
                            new Condition.UnchangedSince(KEY, TS))),
            new Request.Read(KEY, ReadPoint.LATEST),
            new Request.Read(KEY, ReadPoint.LOCAL),
            new Request.Read(KEY, new ReadPoint.AtLeast(TS)),
            new Request.Scan(AGENT, "k/", new ReadPoint.AtCommit(TS)),
            new Request.Append(TXN, List.of(new Step.ReadList(KEY), new Step.AppendElement(KEY, -9))),
            new Request.Resolve(TXN),
            new Request.Begin(),
            new Request.Stage(TXN, new Operation.Delete(KEY)),
            new Request.CommitStaged(TXN),
            new Request.Abort(TXN),
            new Request.Execute(TXN, "events.append", VALUE),
            new Request.Query("events.read", VALUE));
    private static final List<Response> RESPONSES = List.of(
            new Response.Committed(TS, List.of(1L, 2L), true),
            new Response.Conflict(KEY, 4, TS),
            new Response.Refused("LIMIT_EXCEEDED", "too much"),
            new Response.Found(null, 0, CommitTs.ZERO, TS),
            new Response.Found(VALUE, 2, TS, TS),
            new Response.Scanned(List.of(new Response.Row("k", VALUE, 1, TS)), TS),
            new Response.Lists(List.of(List.of(1L, 2L), List.of()), TS),
            new Response.Fate(Response.Fate.COMMITTED, TS),
            new Response.Begun(TXN),
            new Response.Answered(VALUE),
            new Response.Done());

    private final AtomicLong clock = new AtomicLong();

    @Test
    void everyRequestAndEveryResponseComesBackAsItWas(@TempDir Path directory) throws IOException {
        try (HistoryWriter writer = open(directory)) {
            for (Request request : REQUESTS) {
                long id = writer.called(1, Load.MIXED, request);
                writer.returned(id, Outcome.OK, Endpoint.UNKNOWN, new Response.Done());
            }
            for (Response response : RESPONSES) {
                long id = writer.called(1, Load.MIXED, new Request.Begin());
                writer.returned(id, Outcome.OK, new Endpoint("n2", 3), response);
            }
        }

        History history = HistoryReader.read(directory);

        assertThat(history.calls()).extracting(Call::request).startsWith(REQUESTS.toArray(new Request[0]));
        assertThat(history.calls()).extracting(Call::response).endsWith(RESPONSES.toArray(new Response[0]));
        assertThat(history.calls()).extracting(Call::node).contains("n2");
    }

    @Test
    void replaysWatchesReplicasMarksAndSettingsComeBackAsTheyWere(@TempDir Path directory) throws IOException {
        ReplayedCommit commit = new ReplayedCommit(
                TS, 5, TXN, List.of(new Event.EntryPut(KEY, 1, VALUE), new Event.EntryDeleted(KEY, 2)));
        WatchOpened opened = new WatchOpened(1, "w", "n1", 10, new WatchScope("ns", "", "k"), TS);
        List<HistoryLine> messages = List.of(
                new WatchDelivered(1, 11, commit), new WatchProgressed(1, 12, TS), new WatchEnded(1, 13, "done", TS));
        ReplicaSeen replica = new ReplicaSeen("n1", TS, "c", "d");
        Mark mark = new Mark(3, "kill", List.of("n1", "begin"));
        try (HistoryWriter writer = open(directory)) {
            writer.write(opened);
            messages.forEach(writer::write);
            writer.write(new Replayed(1, commit));
            writer.write(new Replayed(2, commit));
            writer.write(new ReplayEnded(2, "n1", 99, TS));
            writer.write(replica);
            writer.write(mark);
            writer.write(new Setting("bank.total", "1000"));
        }

        History history = HistoryReader.read(directory);

        assertThat(history.watches()).containsExactly(new WatchStream(opened, messages));
        assertThat(history.replays()).containsExactly(new Replay("n1", 99, TS, List.of(commit)));
        assertThat(history.replicas()).containsExactly(replica);
        assertThat(history.marks()).containsExactly(mark);
        assertThat(history.settings()).containsEntry("bank.total", "1000");
    }

    @Test
    void aCallThatNeverReturnedIsOfUnknownOutcomeForEver(@TempDir Path directory) throws IOException {
        try (HistoryWriter writer = open(directory)) {
            writer.called(1, Load.MIXED, new Request.Begin());
            long given = writer.called(2, Load.MIXED, new Request.Begin());
            writer.returned(given, Outcome.UNKNOWN, Endpoint.UNKNOWN, null);
        }

        assertThat(HistoryReader.read(directory).calls()).hasSize(2).allSatisfy(call -> {
            assertThat(call.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(call.returnNanos()).isEqualTo(Call.NEVER);
        });
    }

    @Test
    void everyCutOfAFileReadsAsTheCallsThatWereWhole(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("c" + HistoryReader.SUFFIX);
        try (HistoryWriter writer = open(directory)) {
            long id = writer.called(1, Load.MIXED, new Request.Begin());
            writer.returned(id, Outcome.OK, Endpoint.UNKNOWN, new Response.Done());
        }
        byte[] whole = Files.readAllBytes(file);
        int firstLine = new String(whole, StandardCharsets.UTF_8).indexOf('\n');

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            List<Call> calls = HistoryReader.read(file).calls();

            assertThat(calls).hasSize(length > firstLine ? 1 : 0);
            assertThat(calls).allSatisfy(call -> assertThat(call.outcome()).isEqualTo(Outcome.UNKNOWN));
        }
    }

    @Test
    void aLineThatCannotBeReadIsNamed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("c" + HistoryReader.SUFFIX);
        open(directory).close();

        Files.writeString(file, "{\"t\":\"setting\",\"name\":\"a\",\"value\":\"b\"}\n{\"t\":\"call\"}\n");

        assertThatThrownBy(() -> HistoryReader.read(file))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("member id is missing");
    }

    @Test
    void aHistoryIsNeverOverwritten(@TempDir Path directory) throws IOException {
        open(directory).close();

        assertThatThrownBy(() -> open(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryWithoutAHistoryIsNoEmptyHistory(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("other.txt"), "x", StandardOpenOption.CREATE_NEW);

        assertThatThrownBy(() -> HistoryReader.read(directory)).hasMessageContaining("no file named");
    }

    private HistoryWriter open(Path directory) throws IOException {
        return HistoryWriter.create(directory.resolve("c" + HistoryReader.SUFFIX), clock::incrementAndGet);
    }
}
