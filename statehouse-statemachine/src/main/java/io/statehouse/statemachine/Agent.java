package io.statehouse.statemachine;

/** An agent in a namespace: the owner of keys and of a history. */
public record Agent(Timeline timeline, String namespace, String id) {
    /** The namespace that an empty name stands for. */
    public static final String DEFAULT_NAMESPACE = "default";

    public Agent(String namespace, String id) {
        this(Timeline.MAIN, namespace, id);
    }

    public Key key(String name) {
        return new Key(this, name);
    }
}
