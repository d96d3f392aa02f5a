package io.statehouse.cli;

import io.statehouse.client.Entry;
import io.statehouse.client.Range;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scan}. */
@Command(
        name = "scan",
        description = "Lists the keys of an agent with what they hold, all at one commit_ts.",
        footer = {"", "Examples:", "  statehousectl scan ada tool/", "  statehousectl scan ada --json | jq .value"})
final class ScanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PREFIX", description = "Only keys that start so.")
    String prefix = "";

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "As of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    ScanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var how = at.isEmpty() ? session.read() : Moment.parse(at).of(session.read());
        var output = session.output();
        long total = 0;
        for (Entry entry : session.client().scan(Range.of(agent).prefix(prefix).read(how))) {
            output.line(session.isJson() ? EntryText.line(entry) : EntryText.brief(entry));
            total++;
            if (output.isClosed()) {
                break;
            }
        }
        if (total == 0 && !session.isJson()) {
            output.line("No keys found for agent '" + agent + "'");
        }
        return ExitCode.OK.number();
    }
}
