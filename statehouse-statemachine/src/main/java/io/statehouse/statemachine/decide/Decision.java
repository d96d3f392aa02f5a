package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.event.Event;
import java.util.List;

/** What a command comes to: the facts it makes true and the answer to its caller. Without a commit there are no facts. */
public record Decision(List<Event> events, Reply reply) {
    public Decision {
        events = List.copyOf(events);
    }

    public static Decision refused(Reply reply) {
        return new Decision(List.of(), reply);
    }
}
