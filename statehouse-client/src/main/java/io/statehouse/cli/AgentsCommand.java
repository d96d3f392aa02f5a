package io.statehouse.cli;

import io.statehouse.client.Listing;
import io.statehouse.client.Range;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agents}. */
@Command(
        name = "agents",
        description = "Lists the agents of the namespace that have ever been written to.",
        footer = {"", "Example:", "  statehousectl agents --namespace prod --prefix planner-"})
final class AgentsCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only agents whose ids start so.")
    String prefix = "";

    AgentsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Listing<String> agents =
                session.client().agents(Range.agents().prefix(prefix).read(session.read()));
        var list = new NameList(session, "agents", agents);
        if (session.isJson()) {
            list.json(new JsonLine().text("namespace", session.namespace()).number("read_ts", agents.readTs()));
        } else {
            String namespace = session.namespace();
            list.text("Agents (namespace: " + namespace + "):", "No agents found in namespace '" + namespace + "'");
        }
        return ExitCode.OK.number();
    }
}
