package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code import}. */
@Command(
        name = "import",
        description = "Puts the values of a dump. Versions and commit_ts are made anew; keys the dump lacks are left.",
        footer = {"", "Example:", "  statehousectl dump ada | statehousectl import ada-copy -"})
final class ImportCommand implements Callable<Integer> {
    /** Both well within what a server takes in one transaction. */
    private static final int OPERATIONS_MAX = 500;

    private static final int BYTES_MAX = 1 << 20;

    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent to write to.")
    String agent = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "What dump wrote as JSON, or - to read stdin.")
    String file = "";

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        // All of it is read and checked before anything is sent.
        List<Commit> commits = commits(DumpText.parse(InputText.read(file, session.in())));
        long keys = 0;
        long commitTs = 0;
        for (Commit commit : commits) {
            commitTs = session.client().commit(commit).commitTs();
            keys += commit.size();
        }
        if (session.isJson()) {
            session.output()
                    .line(new JsonLine()
                            .number("keys", keys)
                            .number("transactions", commits.size())
                            .number("commit_ts", commitTs)
                            .toString());
        } else {
            session.output().success("Imported " + keys + " keys, the last at commit_ts " + commitTs);
        }
        return ExitCode.OK.number();
    }

    private List<Commit> commits(Map<String, Json> values) {
        List<Commit> commits = new ArrayList<>();
        var transaction = Commit.builder();
        int operations = 0;
        int bytes = 0;
        for (var entry : values.entrySet()) {
            int size = entry.getValue().utf8Length();
            if (operations == OPERATIONS_MAX || (operations > 0 && bytes + size > BYTES_MAX)) {
                commits.add(transaction.build());
                transaction = Commit.builder();
                operations = 0;
                bytes = 0;
            }
            transaction.put(StateKey.of(agent, entry.getKey()), entry.getValue());
            operations++;
            bytes += size;
        }
        if (operations > 0) {
            commits.add(transaction.build());
        }
        return commits;
    }
}
