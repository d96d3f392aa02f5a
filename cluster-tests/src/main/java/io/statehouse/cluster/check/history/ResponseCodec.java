package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import java.util.List;

/** Responses as JSON. */
final class ResponseCodec {
    private ResponseCodec() {}

    static JsonNode encode(Response response) {
        return members(response).toNode();
    }

    private static Members members(Response response) {
        return switch (response) {
            case Response.Committed committed ->
                Members.of("committed")
                        .commitTs("ts", committed.commitTs())
                        .list("versions", committed.versions(), Members::numberNode)
                        .flag("replayed", committed.isReplayed());
            case Response.Conflict conflict ->
                Members.of("conflict")
                        .key(conflict.key())
                        .number("version", conflict.currentVersion())
                        .commitTs("ts", conflict.currentCommitTs());
            case Response.Refused refused ->
                Members.of("refused").text("code", refused.code()).text("message", refused.message());
            case Response.Found found ->
                Members.of("found")
                        .json("json", found.value())
                        .number("version", found.version())
                        .commitTs("ts", found.commitTs())
                        .commitTs("read-ts", found.readTs());
            case Response.Scanned scanned ->
                Members.of("scanned")
                        .list("rows", scanned.rows(), ResponseCodec::encode)
                        .commitTs("read-ts", scanned.readTs());
            case Response.Lists lists ->
                Members.of("lists")
                        .list("reads", lists.reads(), ResponseCodec::numbers)
                        .commitTs("ts", lists.commitTs());
            case Response.Fate fate ->
                Members.of("fate").text("status", fate.status()).commitTs("ts", fate.commitTs());
            case Response.Begun begun -> Members.of("begun").txn(begun.txnId());
            case Response.Answered answered -> Members.of("answered").json("json", answered.json());
            case Response.Done done -> Members.of("done");
        };
    }

    static Response decode(JsonNode node) {
        Members in = Members.read(node);
        return switch (in.text("t")) {
            case "committed" ->
                new Response.Committed(in.commitTs("ts"), in.list("versions", Members::numberOf), in.flag("replayed"));
            case "conflict" -> new Response.Conflict(in.key(), in.number("version"), in.commitTs("ts"));
            case "refused" -> new Response.Refused(in.text("code"), in.text("message"));
            case "found" ->
                new Response.Found(
                        in.jsonOrNull("json"), in.number("version"), in.commitTs("ts"), in.commitTs("read-ts"));
            case "scanned" -> new Response.Scanned(in.list("rows", ResponseCodec::row), in.commitTs("read-ts"));
            case "lists" ->
                new Response.Lists(
                        in.list("reads", list -> Members.listOf(list, Members::numberOf)), in.commitTs("ts"));
            case "fate" -> new Response.Fate(in.text("status"), in.commitTs("ts"));
            case "begun" -> new Response.Begun(in.txn());
            case "answered" -> new Response.Answered(in.json("json"));
            case "done" -> new Response.Done();
            default -> throw new HistoryFormatException("unknown response " + in.text("t"));
        };
    }

    private static JsonNode numbers(List<Long> list) {
        return new JsonArray(list.stream().map(Members::numberNode).toList());
    }

    private static JsonNode encode(Response.Row row) {
        return Members.empty()
                .text("name", row.name())
                .json("json", row.value())
                .number("version", row.version())
                .commitTs("ts", row.commitTs())
                .toNode();
    }

    private static Response.Row row(JsonNode node) {
        Members in = Members.read(node);
        return new Response.Row(in.text("name"), in.json("json"), in.number("version"), in.commitTs("ts"));
    }
}
