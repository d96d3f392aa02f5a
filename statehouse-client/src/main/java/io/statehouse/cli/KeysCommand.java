package io.statehouse.cli;

import io.statehouse.client.Listing;
import io.statehouse.client.Range;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys}. */
@Command(
        name = "keys",
        description = "Lists the keys of an agent that hold a value, in the order of their bytes.",
        footer = {"", "Example:", "  statehousectl keys ada --prefix tool/"})
final class KeysCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that start so.")
    String prefix = "";

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "As of a commit_ts (1041) or a time (2026-11-21T10:15:30Z, 2026-11-21).")
    String at = "";

    KeysCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var how = at.isEmpty() ? session.read() : Moment.parse(at).of(session.read());
        Listing<String> keys =
                session.client().keys(Range.of(agent).prefix(prefix).read(how));
        var list = new NameList(session, "keys", keys);
        if (session.isJson()) {
            list.json(new JsonLine()
                    .text("namespace", session.namespace())
                    .text("agent_id", agent)
                    .number("read_ts", keys.readTs()));
        } else {
            list.text(
                    "Keys for agent '" + agent + "' (namespace: " + session.namespace() + "):",
                    "No keys found for agent '" + agent + "'");
        }
        return ExitCode.OK.number();
    }
}
