package io.statehouse.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who and what a transaction comes from; recorded with its event.
 *
 * @param actor who acts; "" = not said
 * @param traceId the trace this belongs to; "" = none
 * @param labels free names and values, in order. Everything here together: at most 8 KiB (the server's default limit)
 */
public record Origin(String actor, String traceId, Map<String, String> labels) {
    /** Nothing said. */
    public static final Origin NONE = new Origin("", "", Map.of());

    /** Copies the labels. */
    public Origin {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
