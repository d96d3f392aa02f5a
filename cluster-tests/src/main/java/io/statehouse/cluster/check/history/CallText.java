package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls as sentences for a witness. */
public final class CallText {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int VALUE_CHARS_MAX = 80;
    private static final int ITEMS_MAX = 8;

    private CallText() {}

    /** One line: who, when in milliseconds of the run's clock, what, and what came back. */
    public static String of(Call call) {
        String last = call.returnNanos() == Call.NEVER ? "…" : millis(call.returnNanos());
        String node = call.node().isEmpty() ? "" : " at " + call.node();
        return "#%d process %d [%s, %s] %s → %s%s"
                .formatted(
                        call.id(),
                        call.process(),
                        millis(call.callNanos()),
                        last,
                        of(call.request()),
                        answer(call),
                        node);
    }

    /** One line a call, indented. */
    public static String of(List<Call> calls) {
        return calls.stream().map(call -> "  " + of(call)).collect(Collectors.joining("\n"));
    }

    public static String of(Key key) {
        return key.agent().namespace() + "/" + key.agent().id() + "/" + key.name();
    }

    public static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_MILLI);
    }

    private static String answer(Call call) {
        Response response = call.response();
        String outcome = call.outcome().toString().toLowerCase(Locale.ROOT);
        return response == null ? outcome : outcome + " " + of(response);
    }

    public static String of(Request request) {
        return switch (request) {
            case Request.Commit commit ->
                "commit " + commit.txnId().value() + " " + list(commit.operations(), CallText::of)
                        + (commit.conditions().isEmpty() ? "" : " if " + list(commit.conditions(), CallText::of));
            case Request.Read read -> "read " + of(read.key()) + of(read.at());
            case Request.Scan scan -> "scan " + of(scan.agent().key(scan.prefix() + "*")) + of(scan.at());
            case Request.Append append -> "append " + append.txnId().value() + " " + list(append.steps(), CallText::of);
            case Request.Resolve resolve -> "resolve " + resolve.txnId().value();
            case Request.Begin begin -> "begin";
            case Request.Stage stage -> "stage " + stage.txnId().value() + " " + of(stage.operation());
            case Request.CommitStaged commit ->
                "commit staged " + commit.txnId().value();
            case Request.Abort abort -> "abort " + abort.txnId().value();
            case Request.Execute execute ->
                execute.method() + " " + execute.params() + " as "
                        + execute.txnId().value();
            case Request.Query query -> query.method() + " " + query.params();
        };
    }

    private static String of(ReadPoint at) {
        return switch (at) {
            case ReadPoint.Latest latest -> "";
            case ReadPoint.Local local -> " locally";
            case ReadPoint.AtLeast least -> " at least " + least.commitTs();
            case ReadPoint.AtCommit past -> " as of " + past.commitTs();
        };
    }

    private static String of(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> of(put.key()) + " = " + shown(put.value());
            case Operation.Append append -> of(append.key()) + " gets " + shown(append.value());
            case Operation.Edit edit -> edit.change() + " " + of(edit.key()) + " " + shown(edit.argument());
            case Operation.Delete delete -> "delete " + of(delete.key());
        };
    }

    private static String of(Condition condition) {
        return switch (condition) {
            case Condition.VersionEquals equals -> of(equals.key()) + " is version " + equals.version();
            case Condition.Exists exists -> of(exists.key()) + " exists";
            case Condition.Absent absent -> of(absent.key()) + " is absent";
            case Condition.UnchangedSince since -> of(since.key()) + " unchanged since " + since.commitTs();
            case Condition.AgentUnchangedSince since -> since.agent().id() + " unchanged since " + since.commitTs();
        };
    }

    private static String of(Step step) {
        return switch (step) {
            case Step.AppendElement append -> of(append.list()) + " += " + append.element();
            case Step.ReadList read -> "read " + of(read.list());
        };
    }

    public static String of(Response response) {
        return switch (response) {
            case Response.Committed committed ->
                "commit_ts " + committed.commitTs() + ", versions " + committed.versions()
                        + (committed.isReplayed() ? ", replayed" : "");
            case Response.Conflict conflict ->
                "conflict: " + of(conflict.key()) + " is version " + conflict.currentVersion() + " of commit_ts "
                        + conflict.currentCommitTs();
            case Response.Refused refused -> refused.code();
            case Response.Found found ->
                shown(found.value()) + ", version " + found.version() + " of commit_ts " + found.commitTs()
                        + ", read_ts " + found.readTs();
            case Response.Scanned scanned -> scanned.rows().size() + " rows, read_ts " + scanned.readTs();
            case Response.Lists lists ->
                "reads " + list(lists.reads(), CallText::shown) + ", commit_ts " + lists.commitTs();
            case Response.Fate fate -> fate.status() + ", commit_ts " + fate.commitTs();
            case Response.Begun begun -> begun.txnId().value();
            case Response.Answered answered -> shown(answered.json());
            case Response.Done done -> "done";
        };
    }

    /** A value, cut where nobody reads on; null is a key without one. */
    public static String shown(@Nullable Object value) {
        String text = value == null ? "nothing" : value.toString();
        return text.length() <= VALUE_CHARS_MAX ? text : text.substring(0, VALUE_CHARS_MAX) + "…";
    }

    private static <T> String list(List<T> items, java.util.function.Function<? super T, String> text) {
        String shown = items.stream().limit(ITEMS_MAX).map(text).collect(Collectors.joining(", "));
        return "{" + shown + (items.size() > ITEMS_MAX ? ", … " + items.size() + " in all}" : "}");
    }
}
