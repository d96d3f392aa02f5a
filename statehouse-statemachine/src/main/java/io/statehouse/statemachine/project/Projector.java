package io.statehouse.statemachine.project;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;

/** Turns events into rows. The only class that writes state tables; it believes what events say. */
public final class Projector {
    private static final byte[] NO_VALUE = new byte[0];

    private Projector() {}

    /** Puts the rows of a commit into a unit and returns the digest of the state with them. */
    public static StateDigest project(CommittedTransaction commit, WriteUnit unit, StateDigest before) {
        StateDigest digest = before;
        for (Event event : commit.events()) {
            byte[] key = KeyCodec.ofKey(event.key());
            // Of a version that retention has let go, only the name of its key is left.
            if (!(event instanceof Event.EntryErased)) {
                byte[] row = KeyCodec.ofVersion(key, commit.commitTs(), event.version());
                unit.put(Table.VERSIONS, row, EntryCodec.encode(event, commit));
                projectHead(event, key, commit.commitTs(), unit);
                digest = digest.plus(row, EntryCodec.encodeHeader(event, commit), valueHash(event));
            }
            if (event.version() == 1) {
                projectNewKey(event.key(), key, commit.commitTs(), unit);
            }
        }
        return digest;
    }

    /** Puts the heads alone, for a store that an earlier release wrote without. */
    public static void projectHeads(CommittedTransaction commit, WriteUnit unit) {
        for (Event event : commit.events()) {
            if (!(event instanceof Event.EntryErased)) {
                projectHead(event, KeyCodec.ofKey(event.key()), commit.commitTs(), unit);
            }
        }
    }

    private static void projectHead(Event event, byte[] key, CommitTs at, WriteUnit unit) {
        unit.put(Table.HEADS, key, HeadCodec.encode(KeyHead.of(event, at)));
    }

    private static byte[] valueHash(Event event) {
        return switch (event) {
            case Event.EntryPut put -> put.value().sha256();
            case Event.EntryDeleted deleted -> NO_VALUE;
            case Event.EntryErased erased -> NO_VALUE;
        };
    }

    private static void projectNewKey(Key key, byte[] row, CommitTs at, WriteUnit unit) {
        byte[] since = KeyCodec.ofNumber(at.value());
        unit.put(Table.KEYS, row, since);
        byte[] agent = KeyCodec.ofAgent(key.agent());
        if (unit.get(Table.AGENTS, agent) != null) {
            return;
        }
        unit.put(Table.AGENTS, agent, since);
        byte[] namespace =
                KeyCodec.ofNamespace(key.agent().timeline(), key.agent().namespace());
        if (unit.get(Table.NAMESPACES, namespace) == null) {
            unit.put(Table.NAMESPACES, namespace, since);
        }
    }
}
