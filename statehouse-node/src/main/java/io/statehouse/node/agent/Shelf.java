package io.statehouse.node.agent;

import java.util.Locale;

/** Where documents of a kind are kept: an agent of the namespace whose id begins with {@code @}, which is reserved. */
enum Shelf {
    USERS("User"),
    /** username → user id. */
    USERNAMES("User"),
    CHANNELS("Channel"),
    CHANNELS_OF_USER("Channel"),
    SESSIONS("Session"),
    SESSIONS_OF_USER("Session"),
    ALL_SESSIONS("Session"),
    GOALS("Goal"),
    GOALS_OF_SESSION("Goal"),
    EXECUTIONS("ToolExecution"),
    EXECUTIONS_OF_GOAL("ToolExecution"),
    /** user id and hash of the key → execution id. */
    IDEMPOTENCY("ToolExecution"),
    /** hash of the key → list of execution ids. */
    IDEMPOTENCY_KEYS("ToolExecution"),
    MEMORIES("Memory"),
    MEMORIES_OF_USER("Memory");

    private final String thing;

    Shelf(String thing) {
        this.thing = thing;
    }

    /** What a caller calls a document of it. */
    String thing() {
        return thing;
    }

    String agentId() {
        return "@" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
