package io.statehouse.client;

/**
 * Which keys a listing covers, and how it reads them.
 *
 * @param agentId the agent; for a listing of agents ""
 * @param prefix what the names must start with; "" = all
 * @param pageSize names per page, 1 to 1000; 0 = the client's default
 * @param read how fresh the listing must be, and which moment it reads
 */
public record Range(String agentId, String prefix, int pageSize, Read read) {
    /** The most names a page may hold. */
    public static final int PAGE_SIZE_MAX = 1_000;

    /** Checks the page size. */
    public Range {
        if (pageSize < 0 || pageSize > PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("pageSize is " + pageSize + "; it must be 0 to " + PAGE_SIZE_MAX);
        }
    }

    /** All keys of an agent. */
    public static Range of(String agentId) {
        return new Range(agentId, "", 0, Read.linearizable());
    }

    /** All agents of the client's namespace. */
    public static Range agents() {
        return of("");
    }

    /** The names that start with {@code prefix}. */
    public Range prefix(String start) {
        return new Range(agentId, start, pageSize, read);
    }

    /** The same in pages of another size. */
    public Range pageSize(int names) {
        return new Range(agentId, prefix, names, read);
    }

    /** The same, read in another way. */
    public Range read(Read how) {
        return new Range(agentId, prefix, pageSize, how);
    }
}
