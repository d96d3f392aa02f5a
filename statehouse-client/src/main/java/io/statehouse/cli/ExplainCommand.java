package io.statehouse.cli;

import io.statehouse.client.Explanation;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}. */
@Command(
        name = "explain",
        description = "Shows why something was written: the transaction, and what it had read, as it was then.",
        footer = {
            "",
            "Examples:",
            "  statehousectl explain 0193f0a4-0006 --downstream",
            "  statehousectl explain ada plan --version 3",
            "It knows of reads what the writer has recorded; a transaction of the client SDK records them by itself."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final String ERASED = "(erased by retention)";

    private final Session session;

    @Parameters(index = "0", paramLabel = "TXN|AGENT", description = "A transaction id; or, with KEY, an agent.")
    String first = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "A key of the agent.")
    String key = "";

    @Option(names = "--version", paramLabel = "N", description = "The version of KEY to explain.")
    @Nullable
    Long version;

    @Option(names = "--downstream", description = "Also show the later transactions that had read what it wrote.")
    boolean hasDownstream;

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (key.isEmpty() != (version == null)) {
            throw new Complaint("name one transaction, or an AGENT and a KEY with --version");
        }
        var history = session.client().history();
        Explanation explanation = version == null
                ? history.explain(first, hasDownstream)
                : history.explain(StateKey.of(first, key), version, hasDownstream);
        if (session.isJson()) {
            session.output().line(json(explanation));
        } else {
            show(explanation);
        }
        return ExitCode.OK.number();
    }

    private void show(Explanation explanation) {
        var output = session.output();
        var event = explanation.event();
        output.line("Transaction: " + event.transactionId());
        output.line("Commit TS: " + event.commitTs() + "  " + event.committedAt());
        if (!event.origin().actor().isEmpty()) {
            output.line("Actor: " + event.origin().actor());
        }
        event.origin().labels().forEach((name, value) -> output.line("Label: " + name + "=" + value));
        output.line("Wrote:");
        event.operations()
                .forEach(operation -> output.line("  " + where(operation.key(), operation.version()) + "  "
                        + (operation.erased() ? ERASED : shown(operation.value(), "(deleted)"))));
        output.line(explanation.reads().isEmpty() ? "Had read: nothing that was recorded" : "Had read:");
        explanation
                .reads()
                .forEach(read -> output.line("  " + where(read.key(), read.version())
                        + "  " + (read.erased() ? ERASED : shown(read.value(), "(nothing)"))
                        + (read.transactionId().isEmpty() ? "" : "  txn=" + read.transactionId())));
        if (hasDownstream) {
            output.line(explanation.downstream().isEmpty() ? "Read later by: nobody" : "Read later by:");
            explanation
                    .downstream()
                    .forEach(reader -> output.line("  txn=" + reader.transactionId() + "  commit_ts="
                            + reader.commitTs() + "  " + where(reader.key(), reader.version())));
        }
    }

    private static String where(StateKey key, long version) {
        return key.agentId() + " " + key.key() + "  v=" + version;
    }

    private static String shown(@Nullable Json value, String nothing) {
        return value == null ? nothing : ValueSummary.of(JsonText.compact(value.text()));
    }

    private String json(Explanation explanation) {
        var reads = explanation.reads().stream()
                .map(read -> ref(read.key(), read.version())
                        .number("commit_ts", read.commitTs())
                        .text("txn_id", read.transactionId())
                        .json(
                                "value",
                                read.value() == null
                                        ? "null"
                                        : JsonText.compact(read.value().text()))
                        .truthIf("erased", read.erased()))
                .toList();
        var downstream = explanation.downstream().stream()
                .map(reader -> ref(reader.key(), reader.version())
                        .number("commit_ts", reader.commitTs())
                        .text("txn_id", reader.transactionId()))
                .toList();
        return new JsonLine()
                .json("event", EventLines.jsonInFull(explanation.event()))
                .array("reads", reads)
                .array("downstream", downstream)
                .toString();
    }

    private static JsonLine ref(StateKey key, long version) {
        return new JsonLine()
                .text("namespace", key.namespace())
                .text("agent_id", key.agentId())
                .text("key", key.key())
                .number("version", version);
    }
}
