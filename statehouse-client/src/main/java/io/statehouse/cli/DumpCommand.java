package io.statehouse.cli;

import io.statehouse.client.Entry;
import io.statehouse.client.Listing;
import io.statehouse.client.Range;
import io.statehouse.client.Read;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dump}. */
@Command(
        name = "dump",
        description = "Writes all that the keys of an agent, or of all agents, hold or held at one commit_ts.",
        footer = {
            "",
            "Examples:",
            "  statehousectl dump ada -o ada.json",
            "  statehousectl dump ada --at 1041 --format text",
            "  statehousectl dump --all-agents --namespace team-a --at 2026-11-21 -o team-a.json",
            "  statehousectl dump ada | jq 'keys'"
        })
final class DumpCommand implements Callable<Integer> {
    enum Format {
        JSON,
        TEXT
    }

    private final Session session;

    @Parameters(index = "0", arity = "0..1", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Option(
            names = "--all-agents",
            description = "Every agent of the namespace at the same commit_ts, instead of AGENT.")
    boolean isOfAllAgents;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write there instead of to stdout; the file appears when it is complete.")
    String file = "";

    @Option(
            names = "--format",
            paramLabel = "json|text",
            description = "json: {key: {value, version, commit_ts}}, which import reads; text: a line per key.")
    Format format = Format.JSON;

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "As of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    DumpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (isOfAllAgents != agent.isEmpty()) {
            throw new Complaint("name one AGENT, or say --all-agents");
        }
        var how = at.isEmpty() ? session.read() : Moment.parse(at).of(session.read());
        if (file.isEmpty()) {
            dump(how, session.output()::line);
        } else {
            CompleteFile.write(file, lines -> dump(how, lines));
            session.output().success("State dumped to " + file);
        }
        return ExitCode.OK.number();
    }

    private void dump(Read how, CompleteFile.Lines lines) throws IOException {
        if (isOfAllAgents) {
            dumpAll(how, lines);
        } else {
            write(session.client().scan(Range.of(agent).read(how)), "", lines);
        }
    }

    /** All agents as of the moment at which they were listed. */
    private void dumpAll(Read how, CompleteFile.Lines lines) throws IOException {
        Listing<String> agents = session.client().agents(Range.agents().read(how));
        Read cut = how.asOf(agents.readTs());
        if (format == Format.TEXT) {
            for (String each : agents) {
                write(session.client().scan(Range.of(each).read(cut)), each + "  ", lines);
            }
            return;
        }
        String comma = "";
        lines.add("{");
        for (String each : agents) {
            lines.add((comma.isEmpty() ? "" : comma) + JsonText.quote(each) + ":");
            write(session.client().scan(Range.of(each).read(cut)), "", lines);
            comma = ",";
        }
        lines.add("}");
    }

    private void write(Listing<Entry> entries, String prefix, CompleteFile.Lines lines) throws IOException {
        if (format == Format.TEXT) {
            for (Entry entry : entries) {
                lines.add(Printable.of(prefix + EntryText.full(entry)));
            }
            return;
        }
        // A line is written when the next one is known to follow it or not: the last one has no comma.
        String pending = "{";
        String comma = "";
        for (Entry entry : entries) {
            lines.add(pending + comma);
            pending = "  " + JsonText.quote(entry.key()) + ":" + EntryText.essence(entry);
            comma = ",";
        }
        lines.add(pending);
        lines.add("}");
    }
}
