package io.statehouse.client;

/**
 * What must hold of a key at the moment of commit, or nothing of the transaction is applied.
 *
 * @param key the key it speaks of
 * @param kind what is required
 * @param number the version or the commit_ts that is required; 0 where the kind needs none
 */
public record Condition(StateKey key, Kind kind, long number) {
    /** What can be required of a key. */
    public enum Kind {
        /** The key's latest version, deletes counted, is the number; 0 = it was never written. */
        VERSION_EQUALS,
        /** The key holds a value. */
        EXISTS,
        /** The key holds no value: deleted or never written. */
        ABSENT,
        /** No operation on the key after the commit_ts given by the number. */
        UNCHANGED_SINCE
    }

    /** The key's latest version, deletes counted, is {@code version}; 0 = it was never written. */
    public static Condition versionEquals(StateKey key, long version) {
        return new Condition(key, Kind.VERSION_EQUALS, version);
    }

    /** The key holds a value. */
    public static Condition exists(StateKey key) {
        return new Condition(key, Kind.EXISTS, 0);
    }

    /** The key holds no value: deleted or never written. */
    public static Condition absent(StateKey key) {
        return new Condition(key, Kind.ABSENT, 0);
    }

    /** No operation on the key since the commit {@code commitTs}. */
    public static Condition unchangedSince(StateKey key, long commitTs) {
        return new Condition(key, Kind.UNCHANGED_SINCE, commitTs);
    }

    Condition in(String clientNamespace) {
        return new Condition(key.in(clientNamespace), kind, number);
    }
}
