package io.statehouse.node.agent;

import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is done to a guild as a whole: pause it, name a moment of it, and go back to one. */
final class GuildMethods {
    /** The most documents of a guild that is restored, in one transaction. */
    private static final int DOCUMENTS_MAX = 900;

    private static final long DOCUMENTS_BYTES_MAX = 4L << 20;

    private GuildMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "guild.pause", new Method(true, List.of("guild_id"), (ask, params) -> pause(ask, params, true)),
                "guild.resume", new Method(true, List.of("guild_id"), (ask, params) -> pause(ask, params, false)),
                "guild.documents", new Method(false, List.of("guild_id"), GuildMethods::documents),
                "guild.checkpoint", new Method(true, List.of("guild_id", "name"), GuildMethods::checkpoint),
                "guild.restore", new Method(true, List.of("guild_id", "name"), GuildMethods::restore));
    }

    private static Agent home(Ask ask, Params params) {
        return Scope.home(ask, params.name("guild_id"));
    }

    private static JsonNode pause(Ask ask, Params params, boolean isPaused) {
        Key key = Scope.paused(home(ask, params));
        ask.commitBlind(
                List.of(
                        isPaused
                                ? new Operation.Put(
                                        key, Doc.empty().with("paused", true).toJson())
                                : new Operation.Delete(key)),
                List.of());
        return Doc.NULL;
    }

    /** The names of the guild's documents: {@code guild}, and {@code agent/ID} of each agent. */
    private static JsonNode documents(Ask ask, Params params) {
        Agent home = home(ask, params);
        return ask.read(view -> Doc.list(documents(view, home).stream()
                .map(document -> Doc.string(document.name().substring(Scope.DOCUMENTS.length())))
                .toList()));
    }

    private static List<NamedEntry> documents(StateView view, Agent home) {
        var page = view.scan(home, new PageRequest(Scope.DOCUMENTS, null, DOCUMENTS_MAX, DOCUMENTS_BYTES_MAX));
        if (page.next() != null) {
            throw page.items().size() == DOCUMENTS_MAX
                    ? Refusals.limitExceeded("guildDocumentsMax", DOCUMENTS_MAX, DOCUMENTS_MAX + 1L)
                    : Refusals.limitExceeded("guildBytesMax", DOCUMENTS_BYTES_MAX, DOCUMENTS_BYTES_MAX + 1);
        }
        return page.items();
    }

    /** Names the moment before this commit, at which all documents are as they are at it. */
    private static JsonNode checkpoint(Ask ask, Params params) {
        Agent home = home(ask, params);
        Key key = home.key("checkpoint/" + params.name("name"));
        return ask.commit(
                view -> {
                    Doc kept = Doc.empty().with("commit_ts", view.at().value());
                    return Ask.propose(
                            List.of(new Operation.Put(key, kept.toJson())),
                            List.of(new Condition.AgentUnchangedSince(home, view.at())));
                },
                done -> Doc.empty()
                        .with("name", params.name("name"))
                        .with("timestamp", done.wallMillis())
                        .toNode());
    }

    /** Puts all documents back as they were: a change like any other, so that what was in between is history too. */
    private static JsonNode restore(Ask ask, Params params) {
        Agent home = home(ask, params);
        String name = params.name("name");
        CommitTs moment = ask.look(ReadPoint.NOW, view -> moment(view, home, name));
        List<NamedEntry> then = ask.look(
                new ReadPoint(ReadPoint.NOW.freshness(), new ReadPoint.Moment.AtCommit(moment)),
                view -> documents(view, home));
        Doc marker = Doc.empty().with("restored", name).with("commit_ts", moment.value());
        return ask.commitVoid(view -> {
            List<Operation> operations = new ArrayList<>();
            operations.add(new Operation.Put(home.key("restored"), marker.toJson()));
            Set<String> kept = new HashSet<>();
            for (NamedEntry document : then) {
                kept.add(document.name());
                Key key = home.key(document.name());
                long version = ScopeMethods.Document.of(view.find(key)).version();
                operations.add(ScopeMethods.Document.put(
                        key, ScopeMethods.Document.of(document.entry()).state(), version + 1));
            }
            for (NamedEntry document : documents(view, home)) {
                if (!kept.contains(document.name())) {
                    operations.add(new Operation.Delete(home.key(document.name())));
                }
            }
            return Ask.propose(operations, List.of(new Condition.AgentUnchangedSince(home, view.at())));
        });
    }

    private static CommitTs moment(StateView view, Agent home, String name) {
        Entry entry = view.find(home.key("checkpoint/" + name));
        if (entry == null || entry.value() == null) {
            throw Ask.notFound("checkpoint", name);
        }
        return new CommitTs(Doc.parse(entry.value()).number("commit_ts"));
    }
}
