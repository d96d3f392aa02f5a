package io.statehouse.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads and writes that become one commit, valid only if nothing that was read has changed meanwhile.
 *
 * <p>All reads see one moment: that of the first read. Writes are kept here and sent with {@link #commit()}, which
 * requires every key that was read to have still the version that was seen. Closing without a commit discards
 * everything; nothing was sent. Not for several threads at once.
 */
public final class Transaction implements AutoCloseable {
    private enum State {
        OPEN,
        COMMITTED,
        CLOSED
    }

    private final StatehouseClient client;
    private final String id;
    private final Commit.Builder commit;
    private final Map<StateKey, Entry> reads = new LinkedHashMap<>();
    private final Map<StateKey, Entry> staged = new LinkedHashMap<>();
    private long readTs = -1;
    private State state = State.OPEN;

    Transaction(StatehouseClient client, String id) {
        this.client = client;
        this.id = id;
        this.commit = Commit.builder().id(id);
    }

    /** The id it will be committed under. */
    public String id() {
        return id;
    }

    /**
     * Reads a key in the client's namespace; see {@link #get(StateKey)}.
     *
     * @throws StatehouseException as a read of the client
     */
    public Entry get(String agentId, String key) {
        return get(StateKey.of(agentId, key));
    }

    /**
     * Reads a key: what this transaction has staged for it, or else what it held at the moment of the first read.
     *
     * @throws StatehouseException as a read of the client
     */
    public Entry get(StateKey key) {
        requireOpen();
        StateKey full = key.in(client.options().namespace());
        Entry own = staged.get(full);
        if (own != null) {
            return own;
        }
        Entry known = reads.get(full);
        if (known == null) {
            known = fetch(full);
            reads.put(full, known);
        }
        return known;
    }

    private Entry fetch(StateKey key) {
        if (readTs == 0) {
            // At that moment nothing had ever been committed.
            return new Entry(key.key(), null, 0, 0, java.time.Instant.EPOCH, 0);
        }
        Read how = readTs < 0 ? Read.linearizable() : Read.atLeast(readTs).asOf(readTs);
        Entry entry = client.get(key, how);
        readTs = readTs < 0 ? entry.readTs() : readTs;
        return entry;
    }

    /** Stages a put in the client's namespace. */
    public Transaction put(String agentId, String key, Json value) {
        return put(StateKey.of(agentId, key), value);
    }

    /** Stages a put. */
    public Transaction put(StateKey key, Json value) {
        requireOpen();
        StateKey full = key.in(client.options().namespace());
        commit.put(full, value);
        staged.put(full, new Entry(full.key(), value, 0, 0, java.time.Instant.EPOCH, 0));
        return this;
    }

    /** Stages a delete in the client's namespace. */
    public Transaction delete(String agentId, String key) {
        return delete(StateKey.of(agentId, key));
    }

    /** Stages a delete. */
    public Transaction delete(StateKey key) {
        requireOpen();
        StateKey full = key.in(client.options().namespace());
        commit.delete(full);
        staged.put(full, new Entry(full.key(), null, 0, 0, java.time.Instant.EPOCH, 0));
        return this;
    }

    /** Requires something more of a key at the moment of commit. */
    public Transaction require(Condition condition) {
        requireOpen();
        commit.require(condition);
        return this;
    }

    /** Adds a label to the event, or replaces the one of that name. */
    public Transaction label(String name, String value) {
        requireOpen();
        commit.label(name, value);
        return this;
    }

    /** Says who acts; without it the client's own actor is recorded. */
    public Transaction actor(String name) {
        requireOpen();
        commit.actor(name);
        return this;
    }

    /** Says which trace the event belongs to. */
    public Transaction traceId(String trace) {
        requireOpen();
        commit.traceId(trace);
        return this;
    }

    /**
     * Commits the writes if every key that was read is unchanged. After {@link StatehouseException.Unavailable} or
     * {@link StatehouseException.OutcomeUnknown} it may be called again: same id, so nothing is applied twice.
     *
     * @throws StatehouseException.Refused with CONFLICT if a key that was read has changed
     * @throws StatehouseException.OutcomeUnknown if it was sent and nobody said what became of it
     */
    public CommitResult commit() {
        requireOpen();
        CommitResult result = client.commit(toCommit());
        state = State.COMMITTED;
        return result;
    }

    private Commit toCommit() {
        if (!reads.isEmpty()) {
            reads.forEach((key, entry) -> {
                commit.require(Condition.versionEquals(key, entry.version()));
                commit.read(key, entry.version());
            });
            reads.clear();
        }
        return commit.build();
    }

    /** Discards what was not committed. */
    @Override
    public void close() {
        if (state == State.OPEN) {
            state = State.CLOSED;
        }
    }

    boolean isCommitted() {
        return state == State.COMMITTED;
    }

    private void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException(
                    state == State.COMMITTED ? "the transaction is committed" : "the transaction is closed");
        }
    }
}
