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

    /** What is done to a key with a value, which only a delete has none of. A null time to live is for ever. */
    record Change(
            StateKey key,
            Action action,
            @Nullable Json value,
            @Nullable Duration timeToLive) {}

    /** Where a namespace keeps its leases. */
    private static final String LEASES = "@leases";

    /** What a change does. */
    enum Action {
        PUT,
        DELETE,
        APPEND,
        ADD,
        MERGE_PATCH,
        JSON_PATCH
    }

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
            changes.add(new Change(key, Action.PUT, value, null));
            return this;
        }

        /** Puts a value that the key loses after a time, counted from the commit's own; at least a millisecond. */
        public Builder put(StateKey key, Json value, Duration timeToLive) {
            changes.add(new Change(key, Action.PUT, value, required(timeToLive)));
            return this;
        }

        private static Duration required(Duration timeToLive) {
            if (timeToLive.toMillis() < 1) {
                throw new IllegalArgumentException("timeToLive is " + timeToLive + "; it must be 1 ms or more");
            }
            return timeToLive;
        }

        /**
         * Gives the key's list its next item. Its number, counted from 1 without a gap, is the version that {@link
         * CommitResult#versions} says for this; it is read back under {@link StateKey#item}.
         */
        public Builder append(StateKey list, Json item) {
            changes.add(new Change(list, Action.APPEND, item, null));
            return this;
        }

        /** Gives the key's list an item that is gone after a time, counted from the commit's own; at least a millisecond. */
        public Builder append(StateKey list, Json item, Duration timeToLive) {
            changes.add(new Change(list, Action.APPEND, item, required(timeToLive)));
            return this;
        }

        /**
         * Adds exactly, without reading first: a number to the number that the key holds, or each number of an object, at any
         * depth, to the one at its place. What is not there counts as zero.
         */
        public Builder add(StateKey key, Json amounts) {
            changes.add(new Change(key, Action.ADD, amounts, null));
            return this;
        }

        /** Changes the value by a JSON Merge Patch (RFC 7396); where there is none, an empty object. */
        public Builder mergePatch(StateKey key, Json patch) {
            changes.add(new Change(key, Action.MERGE_PATCH, patch, null));
            return this;
        }

        /**
         * Changes the value by a JSON Patch (RFC 6902); where there is none, an empty object. If a step does not fit, a failed
         * test among them, the commit is refused with NOT_APPLICABLE.
         */
        public Builder jsonPatch(StateKey key, Json patch) {
            changes.add(new Change(key, Action.JSON_PATCH, patch, null));
            return this;
        }

        /** Puts a value, in the client's namespace. */
        public Builder put(String agentId, String key, Json value) {
            return put(StateKey.of(agentId, key), value);
        }

        /** Deletes a key; deleting one that holds nothing makes a version too. */
        public Builder delete(StateKey key) {
            changes.add(new Change(key, Action.DELETE, null, null));
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

        /**
         * Requires that a lease is still the caller's: not taken by another and not over by the cluster's own time. If it is
         * not, the commit is refused with FENCED before anything of it is applied.
         */
        public Builder fence(Lease lease) {
            lease.tokens().forEach((resource, token) -> {
                require(Condition.versionEquals(StateKey.of(LEASES, "token/" + resource), token));
                require(Condition.exists(StateKey.of(LEASES, "held/" + resource)));
            });
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
