package io.statehouse.cli;

import io.statehouse.client.Entry;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code get}. */
@Command(
        name = "get",
        description = "Shows what a key holds, or held.",
        footer = {
            "",
            "Examples:",
            "  statehousectl get ada plan --pretty",
            "  statehousectl get ada plan --version 3",
            "  statehousectl get ada plan --at 2026-11-21T10:15:30Z --json"
        })
final class GetCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Option(names = "--pretty", description = "Lay the JSON out, one field per line.")
    boolean isPretty;

    @Option(names = "--version", paramLabel = "N", description = "Show this version of the key instead of the latest.")
    @Nullable
    Long version;

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "Show the state as of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    GetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Entry entry = read();
        var output = session.output();
        if (session.isJson()) {
            output.block(laidOut(json(entry)));
        } else if (entry.exists()) {
            output.line("Key: " + entry.key());
            output.line("Version: " + entry.version());
            output.line("Commit TS: " + entry.commitTs());
            output.block("Value: " + laidOut(EntryText.value(entry)));
        }
        if (!entry.exists()) {
            output.failure("Key not found");
        }
        return (entry.exists() ? ExitCode.OK : ExitCode.ERROR).number();
    }

    private Entry read() {
        if (version != null) {
            if (!at.isEmpty()) {
                throw new Complaint("--version and --at both choose what to show; give one of them");
            }
            return session.client().getVersion(agent, key, version);
        }
        Read how = session.read();
        return session.client()
                .get(
                        StateKey.of(agent, key),
                        at.isEmpty() ? how : Moment.parse(at).of(how));
    }

    private String laidOut(String json) {
        return isPretty ? JsonText.pretty(json) : json;
    }

    private String json(Entry entry) {
        return new JsonLine()
                .text("namespace", session.namespace())
                .text("agent_id", agent)
                .text("key", entry.key())
                .truth("exists", entry.exists())
                .json("value", EntryText.value(entry))
                .number("version", entry.version())
                .number("commit_ts", entry.commitTs())
                .text("committed_at", entry.committedAt().toString())
                .number("read_ts", entry.readTs())
                .toString();
    }
}
