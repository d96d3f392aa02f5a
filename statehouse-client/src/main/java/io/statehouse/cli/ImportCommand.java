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
        description =
                "Commits the commits of an export again, or, with an AGENT, puts the values of a dump. Versions and"
                        + " commit_ts are made anew. An import of an export that broke off goes on when it is run again.",
        footer = {
            "",
            "Examples:",
            "  statehousectl export team-a | statehousectl import - --address elsewhere:50051",
            "  statehousectl dump ada | statehousectl import ada-copy -"
        })
final class ImportCommand implements Callable<Integer> {
    /** Both well within what a server takes in one transaction. */
    private static final int OPERATIONS_MAX = 500;

    private static final int BYTES_MAX = 1 << 20;
    private static final int DUMP_WORDS = 2;

    private final Session session;

    @Parameters(
            arity = "1..2",
            paramLabel = "[AGENT] FILE",
            description =
                    "What export wrote, or - to read stdin; behind the agent to write to: what dump wrote as JSON.")
    List<String> words = new ArrayList<>();

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (words.size() == DUMP_WORDS) {
            importDump(words.get(0), words.get(1));
        } else {
            importExport(words.get(0));
        }
        return ExitCode.OK.number();
    }

    private void importExport(String file) throws IOException {
        var events = new EventImport(session);
        events.run(file);
        if (session.isJson()) {
            session.output()
                    .line(new JsonLine()
                            .number("commits", events.applied())
                            .number("already_there", events.found())
                            .number("commit_ts", events.lastCommitTs())
                            .toString());
        } else {
            String found = events.found() == 0 ? "" : " (already there: " + events.found() + ")";
            session.output()
                    .success("Imported " + ExportLines.counted(events.applied()) + found + ", the last at commit_ts "
                            + events.lastCommitTs());
        }
    }

    private void importDump(String agent, String file) throws IOException {
        // All of it is read and checked before anything is sent.
        List<Commit> commits = commits(agent, DumpText.parse(InputText.read(file, session.in())));
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
    }

    private static List<Commit> commits(String agent, Map<String, Json> values) {
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
