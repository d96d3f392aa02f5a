package io.statehouse.cli;

import io.statehouse.client.Commit;
import io.statehouse.client.Condition;
import io.statehouse.client.Json;
import io.statehouse.client.StateKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a transaction written as JSON. A field it does not know is an error: a misspelled condition must not vanish. */
final class TransactionText {
    private TransactionText() {}

    /** How long the value of an operation lasts, by the operation's place; null = until it is written again. */
    interface Lifetimes {
        @Nullable
        Duration of(int position);
    }

    static Commit parse(String text) {
        return read(text, position -> null).build();
    }

    /** The transaction, to which more may be added. */
    static Commit.Builder read(String text, Lifetimes lifetimes) {
        checkJson(text);
        var transaction = Commit.builder();
        fields(text, "the transaction").forEach((name, json) -> {
            switch (name) {
                case "txn_id" -> transaction.id(string(json, name));
                case "operations" -> operations(transaction, array(json, name), lifetimes);
                case "conditions" -> array(json, name).forEach(each -> transaction.require(condition(each)));
                case "read_set" -> array(json, name).forEach(each -> readRecord(transaction, each));
                case "actor" -> transaction.actor(string(json, name));
                case "trace_id" -> transaction.traceId(string(json, name));
                case "labels" ->
                    fields(json, name).forEach((label, value) -> transaction.label(label, string(value, label)));
                default -> throw unknown("the transaction", name);
            }
        });
        return transaction;
    }

    private static void checkJson(String text) {
        try {
            Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Complaint("the transaction: " + e.getMessage(), e);
        }
    }

    private static void operations(Commit.Builder transaction, List<String> operations, Lifetimes lifetimes) {
        for (int position = 0; position < operations.size(); position++) {
            operation(transaction, operations.get(position), lifetimes.of(position));
        }
    }

    private static void operation(Commit.Builder transaction, String json, @Nullable Duration lifetime) {
        var fields = fields(json, "an operation");
        StateKey key = takeKey(fields, "an operation");
        Json value = takeValue(fields);
        String delete = fields.remove("delete");
        refuseRest(fields, "an operation");
        if (value != null && delete == null) {
            if (lifetime == null) {
                transaction.put(key, value);
            } else {
                transaction.put(key, value, lifetime);
            }
        } else if (value == null && "true".equals(delete)) {
            transaction.delete(key);
        } else {
            throw new Complaint("an operation has either a value or \"delete\": true");
        }
    }

    /** A value as it stands, or as a text that holds it to the letter. */
    private static @Nullable Json takeValue(Map<String, String> fields) {
        String value = fields.remove("value");
        String text = fields.remove("text");
        if (text == null) {
            return value == null ? null : Json.parse(value);
        }
        if (value != null) {
            throw new Complaint("an operation has a value and a text");
        }
        try {
            return Json.parse(string(text, "text"));
        } catch (IllegalArgumentException e) {
            throw new Complaint("the text of an operation is " + e.getMessage(), e);
        }
    }

    private static Condition condition(String json) {
        var fields = fields(json, "a condition");
        StateKey key = takeKey(fields, "a condition");
        if (fields.size() != 1) {
            throw new Complaint("a condition has one of version_equals, exists, unchanged_since");
        }
        var only = fields.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "version_equals" -> Condition.versionEquals(key, number(only.getValue(), only.getKey()));
            case "unchanged_since" -> Condition.unchangedSince(key, number(only.getValue(), only.getKey()));
            case "exists" -> truth(only.getValue(), "exists") ? Condition.exists(key) : Condition.absent(key);
            default -> throw unknown("a condition", only.getKey());
        };
    }

    private static void readRecord(Commit.Builder transaction, String json) {
        var fields = fields(json, "an entry of read_set");
        StateKey key = takeKey(fields, "an entry of read_set");
        String version = fields.remove("version");
        refuseRest(fields, "an entry of read_set");
        transaction.read(key, number(version, "version"));
    }

    private static StateKey takeKey(Map<String, String> fields, String where) {
        String namespace = fields.remove("namespace");
        String agent = fields.remove("agent_id");
        String key = fields.remove("key");
        if (agent == null || key == null) {
            throw new Complaint(where + " needs agent_id and key");
        }
        return new StateKey(
                namespace == null ? "" : string(namespace, "namespace"), string(agent, "agent_id"), string(key, "key"));
    }

    private static void refuseRest(Map<String, String> fields, String where) {
        for (String name : fields.keySet()) {
            throw unknown(where, name);
        }
    }

    private static Complaint unknown(String where, String name) {
        return new Complaint(where + " has no field '" + name + "'");
    }

    private static Map<String, String> fields(String json, String where) {
        if (!json.strip().startsWith("{")) {
            throw new Complaint(where + " must be a JSON object");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (var field : JsonText.fields(json)) {
            if (fields.put(field.name(), field.json()) != null) {
                throw new Complaint(where + " has the field '" + field.name() + "' twice");
            }
        }
        return fields;
    }

    private static List<String> array(String json, String name) {
        if (!json.startsWith("[")) {
            throw new Complaint(name + " must be a JSON array");
        }
        return JsonText.elements(json);
    }

    private static String string(String json, String name) {
        if (!json.startsWith("\"")) {
            throw new Complaint(name + " must be a string");
        }
        return JsonText.string(json);
    }

    private static boolean truth(String json, String name) {
        if (!json.equals("true") && !json.equals("false")) {
            throw new Complaint(name + " must be true or false");
        }
        return json.equals("true");
    }

    private static long number(@Nullable String json, String name) {
        try {
            return Long.parseLong(String.valueOf(json));
        } catch (NumberFormatException e) {
            throw new Complaint(name + " must be a whole number", e);
        }
    }
}
