package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code put}. */
@Command(
        name = "put",
        description = "Puts a JSON value.",
        footer = {
            "",
            "Examples:",
            "  statehousectl put ada plan '{\"step\": 1}'",
            "  statehousectl put ada plan @plan.json --expect-version 3 --label step=review",
            "  date +%%s | statehousectl put ada seen - --if-absent"
        })
final class PutCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Parameters(index = "2", paramLabel = "JSON|-|@FILE", description = "The value, or - to read stdin, or @FILE.")
    String value = "";

    @Mixin
    WriteOptions options = new WriteOptions();

    PutCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        StateKey where = StateKey.of(agent, key);
        Commit commit = options.complete(Commit.builder().put(where, json()), where);
        WriteOptions.report(session.client().commit(commit), commit.id() != null, session);
        return ExitCode.OK.number();
    }

    private Json json() throws IOException {
        String text = value;
        if (value.equals("-") || value.startsWith("@")) {
            text = InputText.read(value.startsWith("@") ? value.substring(1) : value, session.in())
                    .strip();
        }
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Complaint(e.getMessage() + "; a text is written with its quotes, as in '\"some text\"'", e);
        }
    }
}
