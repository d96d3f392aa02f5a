package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.CommitResult;
import io.statehouse.client.Condition;
import io.statehouse.client.StateKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code put} and {@code delete} may say about their transaction. */
final class WriteOptions {
    @Option(
            names = "--expect-version",
            paramLabel = "N",
            description = "Only if the key's latest version is N, deletes counted; 0 = never written.")
    @Nullable
    Long expectedVersion;

    @Option(names = "--if-absent", description = "Only if the key holds no value.")
    boolean isOnlyIfAbsent;

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
            description = "Commit under this transaction id: the same command repeated applies nothing twice.")
    String transactionId = "";

    /** Adds what was said to a transaction over one key. */
    Commit complete(Commit.Builder transaction, StateKey key) {
        if (expectedVersion != null) {
            transaction.require(Condition.versionEquals(key, expectedVersion));
        }
        if (isOnlyIfAbsent) {
            transaction.require(Condition.absent(key));
        }
        Spoken.labels(labels).forEach(transaction::label);
        if (!transactionId.isEmpty()) {
            transaction.id(transactionId);
        }
        return transaction.actor(actor).traceId(traceId).build();
    }

    /** Says that a transaction is committed. */
    static void report(CommitResult result, boolean isIdChosen, Session session) {
        if (session.isJson()) {
            session.output()
                    .line(new JsonLine()
                            .text("txn_id", result.transactionId())
                            .number("commit_ts", result.commitTs())
                            .text("committed_at", result.committedAt().toString())
                            .array("versions", result.versions())
                            .truth("replayed", result.replayed())
                            .toString());
            return;
        }
        String versions = result.versions().size() == 1
                ? "version " + result.versions().get(0)
                : result.versions().size() + " operations";
        // Without an id of the caller's, the earlier call was a try of this very command.
        String before = result.replayed() && isIdChosen ? ", already committed under this transaction id" : "";
        session.output().success("Committed at " + result.commitTs() + " (" + versions + before + ")");
    }
}
