package io.statehouse.statemachine;

/** What was asked for lies below the floor of its namespace: retention has let it go. The reader's doing, not a failure. */
public final class CompactedException extends RuntimeException {
    private final String namespace;
    private final CommitTs oldest;

    /** @param oldest the oldest commit as of which the namespace can be read */
    public CompactedException(String namespace, CommitTs oldest) {
        super("the past of namespace " + namespace + " is kept since commit " + oldest);
        this.namespace = namespace;
        this.oldest = oldest;
    }

    public String namespace() {
        return namespace;
    }

    /** The oldest commit as of which the namespace can be read. */
    public CommitTs oldest() {
        return oldest;
    }
}
