package io.statehouse.cli;

import io.statehouse.client.TransactionFate;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code txn}: what became of a transaction id. */
@Command(name = "txn", description = "Tells or settles what became of a transaction id.")
final class TxnCommand {
    private TxnCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new TxnCommand())
                .addSubcommand("status", new Status(session))
                .addSubcommand("resolve", new Resolve(session));
    }

    /** {@code txn status}. */
    @Command(
            name = "status",
            description = "Tells what became of a transaction id. Changes nothing; UNKNOWN may still become COMMITTED.",
            footer = {"", "Example:", "  statehousectl txn status 0193f0a4-1c2d-7000-8000-000000000001"})
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "ID", description = "The transaction id.")
        String id = "";

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            TransactionFate fate = session.client().transaction(id);
            show(fate, session);
            if (fate.status() != TransactionFate.Status.UNKNOWN) {
                return ExitCode.OK.number();
            }
            session.output()
                    .failure("No fate is known: never seen, still on its way, or forgotten; to settle it: "
                            + "statehousectl txn resolve " + id);
            return ExitCode.ERROR.number();
        }
    }

    /** {@code txn resolve}. */
    @Command(
            name = "resolve",
            description =
                    "Ends doubt: tells the fate of a transaction id, which is made ABORTED for good if it has none.",
            footer = {"", "Example:", "  statehousectl txn resolve 0193f0a4-1c2d-7000-8000-000000000001"})
    static final class Resolve implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "ID", description = "The transaction id.")
        String id = "";

        Resolve(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            show(session.client().resolve(id), session);
            return ExitCode.OK.number();
        }
    }

    private static void show(TransactionFate fate, Session session) {
        var output = session.output();
        var result = fate.result();
        var refusal = fate.refusal();
        if (session.isJson()) {
            output.line(json(fate));
            return;
        }
        output.line("Transaction: " + fate.transactionId());
        output.line("Status: " + fate.status());
        if (result != null) {
            output.line("Commit TS: " + result.commitTs());
            output.line("Committed at: " + result.committedAt());
            output.line("Versions: "
                    + result.versions().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        if (refusal != null) {
            output.line("Refusal: " + refusal.code() + ": " + refusal.getMessage());
        }
    }

    private static String json(TransactionFate fate) {
        var line = new JsonLine()
                .text("txn_id", fate.transactionId())
                .text("status", fate.status().name());
        var result = fate.result();
        if (result != null) {
            line.number("commit_ts", result.commitTs())
                    .text("committed_at", result.committedAt().toString())
                    .array("versions", result.versions());
        }
        var refusal = fate.refusal();
        if (refusal != null) {
            line.json(
                    "refusal",
                    new JsonLine()
                            .text("code", refusal.code().name())
                            .text("message", String.valueOf(refusal.getMessage()))
                            .texts("details", refusal.details())
                            .toString());
        }
        return line.toString();
    }
}
