package io.statehouse.cli;

import io.statehouse.client.Event;

/** Prints events in the form that was asked for, and counts them. */
final class EventPrinter {
    private final Session session;
    private final boolean isVerbose;
    private long printed;

    EventPrinter(Session session, boolean isVerbose) {
        this.session = session;
        this.isVerbose = isVerbose;
    }

    void print(Event event) {
        var output = session.output();
        if (session.isJson()) {
            output.line(isVerbose ? EventLines.jsonInFull(event) : EventLines.json(event));
        } else {
            output.lines(isVerbose ? EventLines.verbose(event, printed) : EventLines.brief(event));
        }
        printed++;
    }

    long printed() {
        return printed;
    }

    /** Says so if there was nothing to print. JSON Lines of nothing are nothing. */
    void end(String agent) {
        if (printed == 0 && !session.isJson()) {
            String whose = agent.isEmpty() ? "namespace '" + session.namespace() + "'" : "agent '" + agent + "'";
            session.output().line("No events found for " + whose);
        }
    }
}
