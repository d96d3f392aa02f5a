package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.StateKey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code delete}. */
@Command(
        name = "delete",
        description = "Deletes a key. Its history stays.",
        footer = {"", "Example:", "  statehousectl delete ada plan --expect-version 4"})
final class DeleteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Mixin
    WriteOptions options = new WriteOptions();

    DeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        StateKey where = StateKey.of(agent, key);
        Commit commit = options.complete(Commit.builder().delete(where), where);
        WriteOptions.report(session.client().commit(commit), commit.id() != null, session);
        return ExitCode.OK.number();
    }
}
