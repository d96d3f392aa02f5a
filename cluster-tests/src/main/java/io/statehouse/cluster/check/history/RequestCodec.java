package io.statehouse.cluster.check.history;

import io.statehouse.cluster.check.history.ReadPoint.AtCommit;
import io.statehouse.cluster.check.history.ReadPoint.AtLeast;
import io.statehouse.cluster.check.history.ReadPoint.Latest;
import io.statehouse.cluster.check.history.ReadPoint.Local;
import io.statehouse.cluster.check.history.Step.AppendElement;
import io.statehouse.cluster.check.history.Step.ReadList;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;

/** Requests as JSON. */
final class RequestCodec {
    private RequestCodec() {}

    static JsonNode encode(Request request) {
        return members(request).toNode();
    }

    private static Members members(Request request) {
        return switch (request) {
            case Request.Commit commit ->
                Members.of("commit")
                        .txn(commit.txnId())
                        .list("ops", commit.operations(), RequestCodec::encode)
                        .list("if", commit.conditions(), RequestCodec::encode);
            case Request.Read read -> at(Members.of("read").key(read.key()), read.at());
            case Request.Scan scan ->
                at(Members.of("scan").agent(scan.agent()).text("prefix", scan.prefix()), scan.at());
            case Request.Append append ->
                Members.of("append").txn(append.txnId()).list("steps", append.steps(), RequestCodec::encode);
            case Request.Resolve resolve -> Members.of("resolve").txn(resolve.txnId());
            case Request.Begin begin -> Members.of("begin");
            case Request.Stage stage -> Members.of("stage").txn(stage.txnId()).put("op", encode(stage.operation()));
            case Request.CommitStaged commit -> Members.of("commit-staged").txn(commit.txnId());
            case Request.Abort abort -> Members.of("abort").txn(abort.txnId());
            case Request.Execute execute ->
                Members.of("execute")
                        .txn(execute.txnId())
                        .text("method", execute.method())
                        .json("params", execute.params());
            case Request.Query query ->
                Members.of("query").text("method", query.method()).json("params", query.params());
        };
    }

    static Request decode(JsonNode node) {
        Members in = Members.read(node);
        return switch (in.text("t")) {
            case "commit" ->
                new Request.Commit(
                        in.txn(), in.list("ops", RequestCodec::operation), in.list("if", RequestCodec::condition));
            case "read" -> new Request.Read(in.key(), at(in));
            case "scan" -> new Request.Scan(in.agent(), in.text("prefix"), at(in));
            case "append" -> new Request.Append(in.txn(), in.list("steps", RequestCodec::step));
            case "resolve" -> new Request.Resolve(in.txn());
            case "begin" -> new Request.Begin();
            case "stage" -> new Request.Stage(in.txn(), operation(in.node("op")));
            case "commit-staged" -> new Request.CommitStaged(in.txn());
            case "abort" -> new Request.Abort(in.txn());
            case "execute" -> new Request.Execute(in.txn(), in.text("method"), in.json("params"));
            case "query" -> new Request.Query(in.text("method"), in.json("params"));
            default -> throw new HistoryFormatException("unknown request " + in.text("t"));
        };
    }

    private static JsonNode encode(Operation operation) {
        Members out = Members.empty().key(operation.key());
        return switch (operation) {
            case Operation.Put put -> out.json("json", put.value()).toNode();
            case Operation.Append append -> throw Request.unknown(append);
            case Operation.Edit edit -> throw Request.unknown(edit);
            case Operation.Delete delete -> out.toNode();
        };
    }

    private static Operation operation(JsonNode node) {
        Members in = Members.read(node);
        return in.has("json") ? new Operation.Put(in.key(), in.json("json")) : new Operation.Delete(in.key());
    }

    private static JsonNode encode(Condition condition) {
        Members out = Members.empty().key(condition.key());
        return switch (condition) {
            case Condition.VersionEquals equals ->
                out.number("version", equals.version()).toNode();
            case Condition.Exists exists -> out.flag("exists", true).toNode();
            case Condition.Absent absent -> out.flag("exists", false).toNode();
            case Condition.UnchangedSince since ->
                out.commitTs("since", since.commitTs()).toNode();
            case Condition.AgentUnchangedSince since ->
                out.commitTs("agent_since", since.commitTs()).toNode();
        };
    }

    private static Condition condition(JsonNode node) {
        Members in = Members.read(node);
        if (in.has("version")) {
            return new Condition.VersionEquals(in.key(), in.number("version"));
        }
        if (in.has("since")) {
            return new Condition.UnchangedSince(in.key(), in.commitTs("since"));
        }
        if (in.has("agent_since")) {
            return new Condition.AgentUnchangedSince(in.key().agent(), in.commitTs("agent_since"));
        }
        return in.flag("exists") ? new Condition.Exists(in.key()) : new Condition.Absent(in.key());
    }

    private static JsonNode encode(Step step) {
        Members out = Members.empty().key(step.list());
        return switch (step) {
            case AppendElement append -> out.number("element", append.element()).toNode();
            case ReadList read -> out.toNode();
        };
    }

    private static Step step(JsonNode node) {
        Members in = Members.read(node);
        return in.has("element") ? new AppendElement(in.key(), in.number("element")) : new ReadList(in.key());
    }

    private static Members at(Members out, ReadPoint at) {
        return switch (at) {
            case Latest latest -> out;
            case Local local -> out.flag("local", true);
            case AtLeast least -> out.commitTs("at-least", least.commitTs());
            case AtCommit past -> out.commitTs("at", past.commitTs());
        };
    }

    private static ReadPoint at(Members in) {
        if (in.has("at")) {
            return new AtCommit(in.commitTs("at"));
        }
        if (in.has("at-least")) {
            return new AtLeast(in.commitTs("at-least"));
        }
        return in.has("local") ? ReadPoint.LOCAL : ReadPoint.LATEST;
    }
}
