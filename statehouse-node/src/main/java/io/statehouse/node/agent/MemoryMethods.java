package io.statehouse.node.agent;

import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is remembered for a user, some of it for a time. */
final class MemoryMethods {
    private static final int LISTED = 50;
    private static final int LISTED_MAX = 1_000;
    private static final List<String> IMPORTANCES = List.of("low", "medium", "high", "critical");
    private static final List<Field> FIELDS = List.of(
            Field.word("memory_type", List.of("short_term", "long_term", "episodic")),
            Field.word("importance", IMPORTANCES),
            Field.of("content", Field.Kind.TEXT),
            Field.of("embedding", Field.Kind.NUMBERS_OR_NULL),
            Field.of("source_session_id", Field.Kind.UUID_OR_NULL),
            Field.of("source_tool_execution_id", Field.Kind.UUID_OR_NULL),
            Field.of("tags", Field.Kind.TEXTS),
            Field.of("expires_at", Field.Kind.TIME_OR_NULL));

    private MemoryMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "create_memory",
                new Method(true, List.of("user_id", "content", "importance", "tags"), MemoryMethods::create),
                "get_memory",
                Records.get(Shelf.MEMORIES),
                "update_memory",
                Records.update(new Records.Update(
                        Shelf.MEMORIES, "memory", FIELDS, Records.ONLY_TIME, MemoryMethods::lifetime)),
                "list_memories",
                new Method(false, List.of("user_id", "limit"), MemoryMethods::list));
    }

    /** The core takes an expired one away by itself. */
    private static Lifetime lifetime(Doc memory) {
        return memory.has("expires_at")
                ? new Lifetime.Until(Math.max(0, Field.millis("expires_at", memory.text("expires_at"))))
                : new Lifetime.Unbounded();
    }

    private static JsonNode create(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        String content = params.text("content");
        String importance = params.optionalText("importance");
        List<JsonNode> tags = params.texts("tags").stream().map(Doc::string).toList();
        return ask.commitDoc(view -> {
            ask.require(view, Shelf.USERS, userId);
            String id = ask.newId();
            Doc memory = Records.begin(id, ask.nowMillis(view))
                    .with("user_id", userId)
                    .with("memory_type", "short_term")
                    .with("importance", importance != null && IMPORTANCES.contains(importance) ? importance : "medium")
                    .with("content", content)
                    .with("embedding", Doc.NULL)
                    .with("source_session_id", Doc.NULL)
                    .with("source_tool_execution_id", Doc.NULL)
                    .with("tags", Doc.list(tags))
                    .with("expires_at", Doc.NULL);
            return Ask.propose(
                    List.of(
                            new Operation.Put(ask.key(Shelf.MEMORIES, id), memory.toJson()),
                            IdLists.append(ask.key(Shelf.MEMORIES_OF_USER, userId), id)),
                    List.of(new Condition.Exists(ask.key(Shelf.USERS, userId))));
        });
    }

    private static JsonNode list(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        long limit = params.whole("limit", LISTED, LISTED_MAX);
        return ask.read(view -> {
            ask.require(view, Shelf.USERS, userId);
            List<JsonNode> found = new ArrayList<>();
            if (limit == 0) {
                return Doc.list(found);
            }
            IdLists.newestFirst(view, ask.key(Shelf.MEMORIES_OF_USER, userId), id -> {
                Ask.Found memory = ask.find(view, Shelf.MEMORIES, id);
                return (memory == null || found.add(memory.doc().toNode())) && found.size() < limit;
            });
            return Doc.list(found);
        });
    }
}
