package io.statehouse.statemachine.command;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;

/** One change of one key that a transaction asks for. */
public sealed interface Operation {
    Key key();

    /** Gives the key a value. */
    record Put(Key key, Json value, Lifetime lifetime) implements Operation {
        public Put(Key key, Json value) {
            this(key, value, new Lifetime.Unbounded());
        }

        /** With a time to live; 0 = until it is written again. */
        public Put(Key key, Json value, long ttlMillis) {
            this(key, value, ttlMillis == 0 ? new Lifetime.Unbounded() : new Lifetime.Lasting(ttlMillis));
        }
    }

    /**
     * Gives the key's list its next item.
     *
     * <p>The item becomes a key of its own, named after this key and the item's number, which apply counts from 1 without a
     * gap. This key's version and value are the number of the last one, so an append costs the same however long the list is.
     * Whoever writes this key by other means takes a number away.
     */
    record Append(Key key, Json value, Lifetime lifetime) implements Operation {
        /** As many as the largest number has, so that the order of names is that of numbers. */
        private static final int DIGITS = 19;

        /** How many bytes longer an item's name is than its list's. */
        public static final int ITEM_NAME_BYTES = 1 + DIGITS;

        public Append(Key key, Json value) {
            this(key, value, new Lifetime.Unbounded());
        }

        /** The key of an item of a list. */
        public static Key item(Key list, long number) {
            String digits = Long.toString(number);
            return list.agent().key(list.name() + "/" + "0".repeat(DIGITS - digits.length()) + digits);
        }
    }

    /** Changes the value that the key holds, or an empty object where it holds none. Its deadline stays. */
    record Edit(Key key, Change change, Json argument) implements Operation {}

    /** How an edit makes a new value of the old one. */
    enum Change {
        /** The argument is a number, or an object of numbers at any depth: each is added, exactly, to what is at its place. */
        ADD,
        /** The argument is a JSON Merge Patch, RFC 7396. */
        MERGE_PATCH,
        /** The argument is a JSON Patch, RFC 6902. */
        JSON_PATCH
    }

    /** Takes the key's value away; a delete of a key without one makes a version too. */
    record Delete(Key key) implements Operation {}
}
