package io.statehouse.statemachine.command;

import java.util.List;

/** Who and what a transaction comes from; recorded with its event. Empty strings where unknown. */
public record Origin(String actor, String traceId, List<Label> labels) {
    public static final Origin NONE = new Origin("", "", List.of());

    public Origin {
        labels = List.copyOf(labels);
    }

    /** A name and a value to find events by. */
    public record Label(String name, String value) {}
}
