package io.statehouse.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything one transaction carries, sent at once: applied as a whole or not at all.
 *
 * <p>The server's default limits: 1000 operations, 4 MiB, 1000 conditions, 1000 recorded reads.
 */
public final class Commit {
    private final @Nullable String id;
    private final List<Change> changes;
    private final List<Condition> conditions;
    private final List<ReadRecord> readSet;
    private final Origin origin;

    private Commit(Builder builder) {
        this.id = builder.id;
        this.changes = List.copyOf(builder.changes);
        this.conditions = List.copyOf(builder.conditions);
        this.readSet = List.copyOf(builder.readSet);
        this.origin = new Origin(builder.actor, builder.traceId, builder.labels);
    }

    /** Put or delete; a null value deletes. A null time to live is for ever. */
    record Change(
            StateKey key, @Nullable Json value, @Nullable Duration timeToLive) {}

    /** An empty transaction to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /** The id chosen by the caller; null = each commit of this makes a new id, and is a new transaction. */
    public @Nullable String id() {
        return id;
    }

    /** How many operations it carries. */
    public int size() {
        return changes.size();
    }

    List<Change> changes() {
        return changes;
    }

    List<Condition> conditions() {
        return conditions;
    }

    List<ReadRecord> readSet() {
        return readSet;
    }

    Origin origin() {
        return origin;
    }

    /** Collects what a transaction carries. Not for use by several threads at once. */
    public static final class Builder {
        private @Nullable String id;
        private final List<Change> changes = new ArrayList<>();
        private final List<Condition> conditions = new ArrayList<>();
        private final List<ReadRecord> readSet = new ArrayList<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private String actor = "";
        private String traceId = "";

        private Builder() {}

        /**
         * Chooses the transaction's id: committing the same contents under the same id again answers what the first
         * commit answered and applies nothing twice, for as long as the server keeps ids (24 hours by default). A good
         * id is {@link StatehouseClient#newTransactionId()}, kept by the caller before the commit.
         */
        public Builder id(String transactionId) {
            this.id = transactionId;
            return this;
        }

        /** Puts a value. */
        public Builder put(StateKey key, Json value) {
            changes.add(new Change(key, value, null));
            return this;
        }

        /** Puts a value that the key loses after a time, counted from the commit's own; at least a millisecond. */
        public Builder put(StateKey key, Json value, Duration timeToLive) {
            if (timeToLive.toMillis() < 1) {
                throw new IllegalArgumentException("timeToLive is " + timeToLive + "; it must be 1 ms or more");
            }
            changes.add(new Change(key, value, timeToLive));
            return this;
        }

        /** Puts a value, in the client's namespace. */
        public Builder put(String agentId, String key, Json value) {
            return put(StateKey.of(agentId, key), value);
        }

        /** Deletes a key; deleting one that holds nothing makes a version too. */
        public Builder delete(StateKey key) {
            changes.add(new Change(key, null, null));
            return this;
        }

        /** Deletes a key, in the client's namespace. */
        public Builder delete(String agentId, String key) {
            return delete(StateKey.of(agentId, key));
        }

        /** Requires something of a key; if it does not hold, the commit is refused with CONFLICT. */
        public Builder require(Condition condition) {
            conditions.add(condition);
            return this;
        }

        /** Records that a version of a key was read to decide this. Not checked; see {@link #require}. */
        public Builder read(StateKey key, long version) {
            readSet.add(new ReadRecord(key, version));
            return this;
        }

        /** Adds a label, or replaces the one of that name. */
        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /** Says who acts; without it the client's own actor is recorded. */
        public Builder actor(String name) {
            this.actor = name;
            return this;
        }

        /** Says which trace this belongs to. */
        public Builder traceId(String trace) {
            this.traceId = trace;
            return this;
        }

        /** The transaction, fixed. */
        public Commit build() {
            return new Commit(this);
        }
    }
}
