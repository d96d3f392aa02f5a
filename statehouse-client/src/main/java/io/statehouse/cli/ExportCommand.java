package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}. */
@Command(
        name = "export",
        description =
                "Writes every commit of a namespace as JSON Lines, in order: what was put and deleted, the versions,"
                        + " the times, who and why. import puts them into another cluster; only backup and restore keep the"
                        + " numbers.",
        footer = {
            "",
            "Examples:",
            "  statehousectl export > default.jsonl",
            "  statehousectl export team-a -o team-a.jsonl",
            "  statehousectl export --all | gzip > all.jsonl.gz"
        })
final class ExportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAMESPACE",
            description = "The namespace; without it that of --namespace.")
    String namespace = "";

    @Option(names = "--all", description = "Every namespace: each commit whole, also where it spans several.")
    boolean isOfAll;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write there instead of to stdout; the file appears when it is complete.")
    String file = "";

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (isOfAll && !namespace.isEmpty()) {
            throw new Complaint("name one NAMESPACE, or say --all");
        }
        var lines = new ExportLines();
        if (file.isEmpty()) {
            write(lines, session.output()::line);
        } else {
            CompleteFile.write(file, out -> write(lines, out));
            session.output().success("Exported " + ExportLines.counted(lines.commits()) + " to " + file);
        }
        return ExitCode.OK.number();
    }

    private void write(ExportLines lines, CompleteFile.Lines out) throws IOException {
        String scope = isOfAll ? "" : namespace.isEmpty() ? session.namespace() : namespace;
        StatehouseClient client = isOfAll ? session.client() : session.client().inNamespace(scope);
        String clusterId = client.admin().clusterStatus().clusterId();
        Event last = last(client);
        if (last == null) {
            out.add(lines.header(clusterId, scope, 0, Instant.EPOCH));
        } else {
            out.add(lines.header(clusterId, scope, last));
            writeCommits(client, last.commitTs(), lines, out);
        }
        out.add(lines.end());
    }

    /** What commits later is not exported. */
    private @Nullable Event last(StatehouseClient client) {
        try (Replay replay = client.replay(query().newest(1))) {
            return replay.hasNext() ? replay.next() : null;
        }
    }

    private ReplayQuery query() {
        return isOfAll ? ReplayQuery.allNamespaces() : ReplayQuery.allAgents();
    }

    private void writeCommits(StatehouseClient client, long until, ExportLines lines, CompleteFile.Lines out)
            throws IOException {
        var remarks = new ProgressRemarks(session);
        var parts = new ExportLines.Parts();
        try (Replay replay = client.replay(query().to(until))) {
            while (replay.hasNext() && !session.output().isClosed()) {
                Event event = replay.next();
                List<Event> whole = parts.take(event);
                if (!whole.isEmpty()) {
                    out.add(lines.commit(whole));
                    remarks.say(() -> "commit_ts " + event.commitTs() + " of " + until);
                }
            }
        }
        List<Event> rest = parts.rest();
        if (!rest.isEmpty()) {
            out.add(lines.commit(rest));
        }
    }
}
