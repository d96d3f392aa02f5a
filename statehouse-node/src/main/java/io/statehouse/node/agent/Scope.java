package io.statehouse.node.agent;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose document it is: an agent's, a guild's, or everybody's. All documents of a guild are keys of one agent of the core, so
 * that the guild has one history.
 */
record Scope(
        String owner, @Nullable String guildId, @Nullable String agentId, Agent home) {
    private static final List<String> OWNERS = List.of("agent", "guild", "global");

    /** Before the names of documents. */
    static final String DOCUMENTS = "state/";

    static Scope of(Ask ask, Params params) {
        String owner = params.word("state_owner", OWNERS, "guild");
        if (owner.equals("global")) {
            return new Scope(owner, null, null, ask.agent("@global"));
        }
        String guildId = params.name("guild_id");
        String agentId = owner.equals("agent") ? params.name("agent_id") : null;
        return new Scope(owner, guildId, agentId, home(ask, guildId));
    }

    /** The agent whose keys a guild's documents are. */
    static Agent home(Ask ask, String guildId) {
        if (guildId.isEmpty()) {
            throw Refusals.invalid("guild_id", "empty");
        }
        return ask.agent("@guild:" + guildId);
    }

    Key key() {
        return home.key(DOCUMENTS + (agentId == null ? owner : "agent/" + agentId));
    }

    /** There while the guild is paused. */
    static Key paused(Agent home) {
        return home.key("paused");
    }

    Doc head() {
        return Doc.empty().with("state_owner", owner).with("guild_id", guildId).with("agent_id", agentId);
    }
}
