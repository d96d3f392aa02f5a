package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Entry;
import io.statehouse.client.Range;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.TransactionFate;
import io.statehouse.cluster.check.history.HistoryLine.ReplayEnded;
import io.statehouse.cluster.check.history.HistoryLine.Replayed;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Java client as one process uses it: every call is recorded, and answered in the words of the history.
 *
 * <p>Not for use by several threads at once.
 */
public final class RecordedClient implements AutoCloseable {
    private final Recorder recorder;
    private final LastAnswer last;
    private final StatehouseClient client;

    private RecordedClient(Recorder recorder, LastAnswer last, StatehouseClient client) {
        this.recorder = recorder;
        this.last = last;
        this.client = client;
    }

    /** Opens a client whose calls are recorded; {@code nodes} names the nodes by their addresses. */
    public static RecordedClient open(Recorder recorder, Map<String, String> nodes, ClientOptions options) {
        var last = new LastAnswer(nodes);
        return new RecordedClient(recorder, last, StatehouseClient.connect(options.observer(last)));
    }

    /** A transaction id of the client's own making. */
    public TxnId newId() {
        return new TxnId(client.newTransactionId());
    }

    /** Commits at once. */
    public @Nullable Response commit(TxnId id, List<Operation> operations, List<Condition> conditions) {
        var commit = Words.client(recorder.load(), id, operations, conditions);
        return record(new Request.Commit(id, operations, conditions), () -> {
            var done = client.commit(commit);
            return new Response.Committed(new CommitTs(done.commitTs()), done.versions(), done.replayed());
        });
    }

    /** Reads one key. */
    public @Nullable Response read(Request.Read read) {
        return record(read, () -> {
            Entry entry = client.get(Words.client(read.key()), Words.client(read.at()));
            return new Response.Found(
                    Words.json(entry.value()),
                    entry.version(),
                    new CommitTs(entry.commitTs()),
                    new CommitTs(entry.readTs()));
        });
    }

    /** Reads an agent's keys. */
    public @Nullable Response scan(Request.Scan scan) {
        return record(scan, () -> {
            var range = Range.of(scan.agent().id()).prefix(scan.prefix()).read(Words.client(scan.at()));
            var listing = client.scan(range);
            var rows = listing.stream()
                    .map(entry -> new Response.Row(
                            entry.key(),
                            Objects.requireNonNull(Words.json(entry.value())),
                            entry.version(),
                            new CommitTs(entry.commitTs())))
                    .toList();
            return new Response.Scanned(rows, new CommitTs(listing.readTs()));
        });
    }

    /** Asks a question of the present again, of whoever has applied at least {@code least}. */
    public @Nullable Response ask(Request question, ReadPoint at) {
        return switch (question) {
            case Request.Read read -> read(new Request.Read(read.key(), at));
            case Request.Scan scan -> scan(new Request.Scan(scan.agent(), scan.prefix(), at));
            case Request.Commit commit -> throw noQuestion(question);
            case Request.Append append -> throw noQuestion(question);
            case Request.Resolve resolve -> throw noQuestion(question);
            case Request.Begin begin -> throw noQuestion(question);
            case Request.Stage stage -> throw noQuestion(question);
            case Request.CommitStaged commit -> throw noQuestion(question);
            case Request.Abort abort -> throw noQuestion(question);
            case Request.Execute execute -> throw noQuestion(question);
            case Request.Query query -> throw noQuestion(question);
        };
    }

    private static IllegalArgumentException noQuestion(Request request) {
        return new IllegalArgumentException("not a read: " + request);
    }

    /** Runs a transaction over lists; the lists are JSON arrays. */
    public @Nullable Response append(Request.Append append) {
        return record(append, () -> ListCall.run(client, append));
    }

    /** Ends the doubt about a transaction. */
    public @Nullable Response resolve(TxnId id) {
        return record(new Request.Resolve(id), () -> {
            TransactionFate fate = client.resolve(id.value());
            var result = fate.result();
            CommitTs at = result == null ? CommitTs.ZERO : new CommitTs(result.commitTs());
            return new Response.Fate(fate.status().name(), at);
        });
    }

    /** Calls a method of the agent layer. */
    public @Nullable Response execute(TxnId id, String method, Map<String, ?> params) {
        var json = io.statehouse.client.Json.of(params);
        return record(
                new Request.Execute(id, method, Words.known(json)),
                () -> new Response.Answered(Words.known(client.agentLayer().execute(id.value(), method, params))));
    }

    /** Asks a method of the agent layer. */
    public @Nullable Response query(String method, Map<String, ?> params) {
        var json = io.statehouse.client.Json.of(params);
        return record(
                new Request.Query(method, Words.known(json)),
                () -> new Response.Answered(Words.known(client.agentLayer().query(method, params))));
    }

    /** Writes the journal of the node that this client knows into the history, from the first commit to {@code last}. */
    public void replay(String node, CommitTs lastTs) {
        var history = recorder.history();
        long replay = history.nextId();
        long asked = history.nanos();
        var query = io.statehouse.client.ReplayQuery.allAgents()
                .to(lastTs.value())
                .read(io.statehouse.client.Read.atLeast(lastTs.value()));
        try (var events = client.replay(query)) {
            while (events.hasNext()) {
                history.write(new Replayed(replay, Words.commit(events.next())));
            }
        }
        history.write(new ReplayEnded(replay, node, asked, lastTs));
    }

    private @Nullable Response record(Request request, java.util.function.Supplier<Response> call) {
        return recorder.record(request, last::endpoint, call);
    }

    @Override
    public void close() {
        client.close();
    }
}
