package io.statehouse.node.agent;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;

/** Where an event session is kept: an agent of its own, so that its history is one agent's. */
record EventKeys(Agent agent) {
    private static final String PREFIX = "@events:";
    private static final String CATALOGUE = "@event-sessions";

    static EventKeys of(Ask ask, String sessionId) {
        return new EventKeys(ask.agent(PREFIX + sessionId));
    }

    /** The list of all event sessions of the namespace. */
    static Key catalogue(Ask ask) {
        return ask.agent(CATALOGUE).key("all");
    }

    Key session() {
        return agent.key("session");
    }

    /** The list of its events. */
    Key events() {
        return agent.key("events");
    }

    Key totals() {
        return agent.key("totals");
    }

    /** What one model, tool or worker took. */
    Key totals(String by, String name) {
        return agent.key(totalsPrefix(by) + name);
    }

    static String totalsPrefix(String by) {
        return "totals/" + by + "/";
    }

    /** The latest payload of a type. */
    Key latest(String type) {
        return agent.key(LATEST + type);
    }

    static final String LATEST = "latest/";

    /** There only where a writer must name its lease. */
    Key guarded() {
        return agent.key("guarded");
    }
}
