package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import io.statehouse.statemachine.json.JsonWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** An event that is to be appended, and what it adds to the totals of its session. */
record NewEvent(String type, JsonNode payload, Doc metadata) {
    static final String TIMESTAMP = "timestamp";

    private static final List<String> TEXTS = List.of("worker_id", "model", "tool_name");
    private static final List<String> COUNTS = List.of("tokens_in", "tokens_out", "duration_ms");

    /** Types whose tokens and cost are counted. */
    private static final List<String> LLM = List.of("llm_request", "llm_response");

    static NewEvent of(Params params) {
        Doc metadata = Doc.empty();
        if (params.has("metadata")) {
            Params given = params.object("metadata");
            for (String name : TEXTS) {
                String text = given.optionalText(name);
                if (text != null && !text.isEmpty()) {
                    metadata.with(name, text);
                }
            }
            for (String name : COUNTS) {
                long count = given.whole(name, 0, Long.MAX_VALUE);
                if (count != 0) {
                    metadata.with(name, count);
                }
            }
            cost(given, metadata);
            JsonObject extra = given.optionalObject("extra");
            if (extra != null) {
                if (!extra.members().values().stream().allMatch(JsonString.class::isInstance)) {
                    throw Refusals.invalid("extra", "not an object of strings");
                }
                metadata.with("extra", extra);
            }
        }
        JsonNode payload = params.any("payload");
        return new NewEvent(params.name("type"), payload == null ? Doc.NULL : payload, metadata);
    }

    private static void cost(Params given, Doc metadata) {
        JsonNumber cost = given.optionalNumber("cost_usd");
        if (cost == null) {
            return;
        }
        try {
            if (new BigDecimal(cost.text()).signum() != 0) {
                metadata.with("cost_usd", cost);
            }
        } catch (NumberFormatException e) {
            throw Refusals.invalid("cost_usd", "not a number that can be added");
        }
    }

    /** As it is kept: its number and its time are those of its commit. */
    Doc toDoc() {
        return Doc.empty().with("type", type).with("payload", payload).with("metadata", metadata.toNode());
    }

    JsonNode shown(String sessionId, long number, long wallMillis) {
        return shown(toDoc(), sessionId, number, Doc.time(wallMillis));
    }

    /** An event as callers see it. */
    static JsonNode shown(Doc kept, String sessionId, long number, String time) {
        return Doc.empty()
                .with("session_id", sessionId)
                .with("sequence_number", number)
                .with("type", kept.text("type"))
                .with("payload", kept.node("payload"))
                .with(TIMESTAMP, time)
                .with("metadata", kept.node("metadata"))
                .toNode();
    }

    /** When a kept event was: its commit, unless it was imported with a time of its own. */
    static String time(Doc kept, long wallMillis) {
        return kept.has(TIMESTAMP) ? kept.text(TIMESTAMP) : Doc.time(wallMillis);
    }

    /** A time that an import gives, as it is written there. */
    static String time(Params given, String name) {
        String time = given.text(name);
        Field.millis(name, time);
        if (!time.endsWith("Z")) {
            throw Refusals.invalid(name, "not an RFC 3339 time in UTC");
        }
        return time;
    }

    /** What it adds: to the session, to its model, tool and worker, and as the latest of its type. */
    List<Operation> totals(EventKeys keys) {
        JsonNode amounts = amounts();
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.Edit(keys.totals(), Operation.Change.ADD, JsonWriter.write(amounts)));
        by("model", metadata.text("model"), keys, amounts, operations);
        by("tool", metadata.text("tool_name"), keys, amounts, operations);
        by("worker", metadata.text("worker_id"), keys, amounts, operations);
        operations.add(new Operation.Put(keys.latest(type), JsonWriter.write(payload)));
        return operations;
    }

    private static void by(String what, String name, EventKeys keys, JsonNode amounts, List<Operation> operations) {
        if (!name.isEmpty()) {
            operations.add(
                    new Operation.Edit(keys.totals(what, name), Operation.Change.ADD, JsonWriter.write(amounts)));
        }
    }

    private JsonNode amounts() {
        Doc amounts = Doc.empty().with("events", 1);
        if (LLM.contains(type)) {
            JsonNode cost = metadata.has("cost_usd") ? metadata.node("cost_usd") : new JsonNumber("0");
            amounts.with(
                    "tokens",
                    Doc.empty()
                            .with("in", metadata.number("tokens_in"))
                            .with("out", metadata.number("tokens_out"))
                            .with("cost_usd", cost)
                            .toNode());
        }
        if (type.equals("tool_called")) {
            amounts.with("tool_calls", 1);
        }
        if (type.equals("error")) {
            amounts.with("errors", 1);
        }
        if (metadata.number("duration_ms") != 0) {
            amounts.with("duration_ms", metadata.number("duration_ms"));
        }
        return amounts.with("types", Doc.empty().with(type, 1).toNode()).toNode();
    }
}
