package io.statehouse.cli;

import io.statehouse.client.Origin;
import io.statehouse.client.Revert;
import io.statehouse.client.RevertResult;
import io.statehouse.client.StateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code revert}. */
@Command(
        name = "revert",
        description = "Puts a key, or all keys of an agent, back to what it was, as a new commit. History stays.",
        footer = {
            "",
            "Examples:",
            "  statehousectl revert ada plan --to-version 3",
            "  statehousectl revert ada --to 1041 --actor ops"
        })
final class RevertCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key; without it all of them.")
    String key = "";

    @Option(names = "--to", paramLabel = "WHEN", description = "To what was there at a commit_ts or a time.")
    String to = "";

    @Option(names = "--to-version", paramLabel = "N", description = "To what this version of KEY held.")
    @Nullable
    Long toVersion;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            description = "Record a label with the event; may be given several times.")
    List<String> labels = new ArrayList<>();

    @Option(names = "--actor", paramLabel = "NAME", description = "Record who acts.")
    String actor = "";

    @Option(names = "--trace-id", paramLabel = "ID", description = "Record the trace this belongs to.")
    String traceId = "";

    @Option(
            names = "--txn-id",
            paramLabel = "ID",
            description = "Commit under this transaction id: repeated it does nothing twice; a conflict ends it.")
    String transactionId = "";

    RevertCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Revert revert = target().id(transactionId).origin(new Origin(actor, traceId, Spoken.labels(labels)));
        report(session.client().history().revert(revert));
        return ExitCode.OK.number();
    }

    private Revert target() {
        Revert revert = Revert.key(StateKey.of(agent, key));
        if ((toVersion == null) == to.isEmpty()) {
            throw new Complaint("say one moment: --to, or --to-version with a KEY");
        }
        if (toVersion != null) {
            if (key.isEmpty() || toVersion < 1) {
                throw new Complaint("--to-version is a version of a KEY, counted from 1");
            }
            return revert.toVersion(toVersion);
        }
        Moment moment = Moment.parse(to);
        return moment instanceof Moment.Commit commit
                ? revert.to(commit.commitTs())
                : revert.to(((Moment.Time) moment).time());
    }

    private void report(RevertResult result) {
        var output = session.output();
        if (session.isJson()) {
            output.line(new JsonLine()
                    .text("txn_id", result.transactionId())
                    .number("commit_ts", result.commitTs())
                    .text("committed_at", result.committedAt().toString())
                    .texts("changed_keys", result.changedKeys())
                    .truth("replayed", result.replayed())
                    .toString());
            return;
        }
        String before = result.replayed() && !transactionId.isEmpty() ? ", already done under this transaction id" : "";
        String keys = result.changedKeys().size() == 1
                ? "1 key changed"
                : result.changedKeys().size() + " keys changed";
        output.success("Reverted at " + result.commitTs() + " (" + keys + before + ")");
    }
}
