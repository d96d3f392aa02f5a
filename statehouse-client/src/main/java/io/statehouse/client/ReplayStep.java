package io.statehouse.client;

import java.util.Map;

/**
 * An event and the state of its agent right after it.
 *
 * @param event the event
 * @param state what each key holds, in the order of the keys; a view that changes with the next step, so copy what is to be kept
 */
public record ReplayStep(Event event, Map<String, Entry> state) {}
