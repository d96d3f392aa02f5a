package io.statehouse.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.SortedMap;

/** Folds the events of one agent into its state, one after another. */
final class ReplayStates implements Iterator<ReplayStep> {
    private final Iterator<Event> events;
    private final SortedMap<String, Entry> state;

    ReplayStates(Iterator<Event> events, SortedMap<String, Entry> state) {
        this.events = events;
        this.state = state;
    }

    @Override
    public boolean hasNext() {
        return events.hasNext();
    }

    @Override
    public ReplayStep next() {
        Event event = events.next();
        for (Operation operation : event.operations()) {
            String key = operation.key().key();
            if (operation.value() == null) {
                state.remove(key);
            } else {
                state.put(
                        key,
                        new Entry(
                                key,
                                operation.value(),
                                operation.version(),
                                event.commitTs(),
                                event.committedAt(),
                                event.commitTs()));
            }
        }
        return new ReplayStep(event, Collections.unmodifiableMap(state));
    }
}
