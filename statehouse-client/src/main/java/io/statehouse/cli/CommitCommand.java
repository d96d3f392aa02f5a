package io.statehouse.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code commit}. */
@Command(
        name = "commit",
        description = "Commits a transaction written as JSON: all of it or nothing.",
        footer = {
            "",
            "Example:",
            "  statehousectl commit -f - <<'END'",
            "  {",
            "    \"operations\": [",
            "      {\"agent_id\": \"ada\", \"key\": \"plan\", \"value\": {\"step\": 2}},",
            "      {\"agent_id\": \"ada\", \"key\": \"draft\", \"delete\": true}",
            "    ],",
            "    \"conditions\": [{\"agent_id\": \"ada\", \"key\": \"plan\", \"version_equals\": 1}],",
            "    \"actor\": \"ops\", \"labels\": {\"ticket\": \"42\"}",
            "  }",
            "  END",
            "",
            "Fields: txn_id, operations, conditions, read_set, actor, trace_id, labels.",
            "A condition has one of version_equals, exists, unchanged_since; an entry of read_set has a version.",
            "Everything with a key may have a namespace."
        })
final class CommitCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The transaction, or - to read stdin.")
    String file = "";

    CommitCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var commit = TransactionText.parse(InputText.read(file, session.in()));
        WriteOptions.report(session.client().commit(commit), commit.id() != null, session);
        return ExitCode.OK.number();
    }
}
