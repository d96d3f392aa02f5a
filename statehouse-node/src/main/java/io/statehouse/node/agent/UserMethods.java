package io.statehouse.node.agent;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Users and the channels by which they are reached. */
final class UserMethods {
    private static final List<String> CHANNEL_TYPES = List.of(
            "chat", "email", "calendar", "voice", "webhook", "custom", "discord", "slack", "telegram", "web", "api");
    private static final List<Field> CHANNEL_FIELDS = List.of(
            Field.word("channel_type", CHANNEL_TYPES),
            Field.of("channel_name", Field.Kind.TEXT),
            Field.of("channel_identifier", Field.Kind.TEXT),
            Field.word("status", List.of("active", "paused", "inactive")),
            Field.of("metadata", Field.Kind.OBJECT),
            Field.of("config", Field.Kind.OBJECT),
            Field.of("last_message_at", Field.Kind.TIME_OR_NULL));

    private final boolean isStrict;

    UserMethods(boolean isStrict) {
        this.isStrict = isStrict;
    }

    Map<String, Method> all() {
        return Map.of(
                "create_user",
                new Method(true, List.of("username", "display_name", "email"), this::createUser),
                "get_user",
                Records.get(Shelf.USERS),
                "create_channel",
                new Method(
                        true,
                        List.of("user_id", "channel_type", "channel_name", "channel_identifier"),
                        UserMethods::createChannel),
                "get_channel",
                Records.get(Shelf.CHANNELS),
                "update_channel",
                Records.update(new Records.Update(
                        Shelf.CHANNELS, "channel", CHANNEL_FIELDS, Records.ONLY_TIME, Records.FOR_EVER)),
                "list_channels",
                new Method(false, List.of("user_id"), UserMethods::listChannels));
    }

    private JsonNode createUser(Ask ask, Params params) {
        String username = params.name("username");
        String displayName = params.optionalText("display_name");
        String email = params.optionalText("email");
        return ask.commitDoc(view -> {
            Key name = ask.key(Shelf.USERNAMES, username);
            Ask.Found taken = ask.find(view, Shelf.USERNAMES, username);
            if (taken != null && isStrict) {
                throw Ask.broken("UNIQUE constraint failed: users.username");
            }
            if (taken != null) {
                return Ask.answer(ask.require(view, Shelf.USERS, taken.doc().text("id"))
                        .doc()
                        .toNode());
            }
            String id = ask.newId();
            Doc user = Records.begin(id, ask.nowMillis(view))
                    .with("username", username)
                    .with("display_name", displayName)
                    .with("email", email)
                    .with("metadata", JsonObject.EMPTY)
                    .with("active", true);
            return Ask.propose(
                    List.of(
                            new Operation.Put(ask.key(Shelf.USERS, id), user.toJson()),
                            new Operation.Put(
                                    name,
                                    JsonWriter.write(Doc.empty().with("id", id).toNode()))),
                    List.of(new Condition.Absent(name)));
        });
    }

    private static JsonNode createChannel(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        String type = params.word("channel_type", CHANNEL_TYPES, null);
        String name = params.text("channel_name");
        String identifier = params.text("channel_identifier");
        return ask.commitDoc(view -> {
            ask.require(view, Shelf.USERS, userId);
            String id = ask.newId();
            Doc channel = Records.begin(id, ask.nowMillis(view))
                    .with("user_id", userId)
                    .with("channel_type", type)
                    .with("channel_name", name)
                    .with("channel_identifier", identifier)
                    .with("status", "active")
                    .with("metadata", JsonObject.EMPTY)
                    .with("config", JsonObject.EMPTY)
                    .with("last_message_at", Doc.NULL);
            return Ask.propose(
                    List.of(
                            new Operation.Put(ask.key(Shelf.CHANNELS, id), channel.toJson()),
                            IdLists.append(ask.key(Shelf.CHANNELS_OF_USER, userId), id)),
                    List.of(new Condition.Exists(ask.key(Shelf.USERS, userId))));
        });
    }

    private static JsonNode listChannels(Ask ask, Params params) {
        String userId = params.uuid("user_id");
        return ask.read(view -> {
            ask.require(view, Shelf.USERS, userId);
            List<JsonNode> found = new ArrayList<>();
            IdLists.newestFirst(view, ask.key(Shelf.CHANNELS_OF_USER, userId), id -> {
                Ask.Found channel = ask.find(view, Shelf.CHANNELS, id);
                return channel == null || found.add(channel.doc().toNode());
            });
            return Doc.list(found);
        });
    }
}
