package io.statehouse.cli;

import io.statehouse.client.KeyVersion;
import io.statehouse.client.StateKey;
import io.statehouse.client.VersionQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code history}. */
@Command(
        name = "history",
        description = "Lists the versions of a key, newest first, with the transaction that made each.",
        footer = {
            "",
            "Examples:",
            "  statehousectl history ada plan -n 5",
            "  statehousectl history ada plan --at 2026-11-21 --json"
        })
final class HistoryCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "At most N versions; 0 = all. Default: 0.")
    long lines;

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "As of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    HistoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (lines < 0) {
            throw new Complaint("--lines is " + lines + "; it must be 0 (all) or more");
        }
        var how = at.isEmpty() ? session.read() : Moment.parse(at).of(session.read());
        VersionQuery query = VersionQuery.of(StateKey.of(agent, key)).read(how);
        var output = session.output();
        long shown = 0;
        for (KeyVersion version : session.client().history().versions(query)) {
            if ((lines > 0 && shown == lines) || output.isClosed()) {
                break;
            }
            output.line(session.isJson() ? json(version) : text(version));
            shown++;
        }
        if (shown == 0 && !session.isJson()) {
            output.failure("Key not found");
        }
        return (shown == 0 ? ExitCode.ERROR : ExitCode.OK).number();
    }

    private static String text(KeyVersion version) {
        List<String> parts = new ArrayList<>();
        parts.add("v=" + version.version());
        parts.add("commit_ts=" + version.commitTs());
        parts.add(version.committedAt().toString());
        parts.add("txn=" + version.transactionId());
        if (!version.origin().actor().isEmpty()) {
            parts.add("actor=" + version.origin().actor());
        }
        version.origin().labels().forEach((name, value) -> parts.add(name + "=" + value));
        parts.add(version.exists() ? ValueSummary.of(value(version)) : "(deleted)");
        return String.join("  ", parts);
    }

    private static String json(KeyVersion version) {
        return new JsonLine()
                .number("version", version.version())
                .number("commit_ts", version.commitTs())
                .text("committed_at", version.committedAt().toString())
                .text("txn_id", version.transactionId())
                .text("actor", version.origin().actor())
                .text("trace_id", version.origin().traceId())
                .texts("labels", version.origin().labels())
                .truth("exists", version.exists())
                .json("value", value(version))
                .toString();
    }

    private static String value(KeyVersion version) {
        var value = version.value();
        return value == null ? "null" : JsonText.compact(value.text());
    }
}
