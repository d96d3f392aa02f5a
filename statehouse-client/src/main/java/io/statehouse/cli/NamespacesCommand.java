package io.statehouse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code namespaces}. */
@Command(
        name = "namespaces",
        description = "Lists the namespaces that have ever been written to.",
        footer = {"", "Example:", "  statehousectl namespaces --json"})
final class NamespacesCommand implements Callable<Integer> {
    private final Session session;

    NamespacesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var list = new NameList(session, "namespaces", session.client().namespaces());
        if (session.isJson()) {
            list.json(new JsonLine());
        } else {
            list.text("Namespaces:", "No namespaces found");
        }
        return ExitCode.OK.number();
    }
}
