package io.statehouse.client;

/**
 * Which versions of a key to list, and how. Start from {@link #of}.
 *
 * @param key the key
 * @param hasValues with their values
 * @param pageSize versions per page, 1 to 1000; 0 = the client's default
 * @param read how fresh the listing must be, and as of which moment
 */
public record VersionQuery(StateKey key, boolean hasValues, int pageSize, Read read) {
    /** Checks the page size. */
    public VersionQuery {
        if (pageSize < 0 || pageSize > Range.PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("pageSize is " + pageSize + "; it must be 0 to " + Range.PAGE_SIZE_MAX);
        }
    }

    /** All versions of a key, with their values. */
    public static VersionQuery of(StateKey key) {
        return new VersionQuery(key, true, 0, Read.linearizable());
    }

    /** The same without values. */
    public VersionQuery withoutValues() {
        return new VersionQuery(key, false, pageSize, read);
    }

    /** The same in pages of another size. */
    public VersionQuery pageSize(int versions) {
        return new VersionQuery(key, hasValues, versions, read);
    }

    /** The same, read in another way. */
    public VersionQuery read(Read how) {
        return new VersionQuery(key, hasValues, pageSize, how);
    }
}
