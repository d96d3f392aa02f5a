package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.event.MadeVersion;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest versions as a unit that is not written yet leaves them. */
public final class PendingHeads implements KeyHeads {
    private final Rows rows;
    private final HeadCache cache;

    public PendingHeads(Rows rows, HeadCache cache) {
        this.rows = rows;
        this.cache = cache;
    }

    @Override
    public KeyHead headOf(Key key) {
        KeyHead known = cache.get(key);
        if (known != null) {
            return known;
        }
        KeyHead found = find(KeyCodec.ofKey(key));
        cache.put(key, found);
        return found;
    }

    @Override
    public @Nullable Json valueOf(Key key) {
        KeyHead head = headOf(key);
        if (!head.hasValue()) {
            return null;
        }
        byte[] place = KeyCodec.ofVersion(KeyCodec.ofKey(key), head.commitTs(), head.version());
        byte[] row = rows.get(Table.VERSIONS, place);
        if (row == null) {
            throw new StoreFailedException(
                    "version " + head.version() + " of a key is its head and missing; this replica must stop");
        }
        return EntryCodec.decode(new Row(place, row)).value();
    }

    @Override
    public @Nullable Change firstChangeAfter(CommitTs commitTs, Agent agent) {
        byte[] listed = KeyCodec.ofAgent(agent);
        // The smallest row behind the one of the commit: there may be no commit_ts above it.
        byte[] behind = Arrays.copyOf(KeyCodec.ofListed(listed, commitTs), listed.length + Long.BYTES + 1);
        Row first = rows.first(Table.AGENT_EVENTS, KeyRange.ofPrefix(listed).startingAt(behind));
        return first == null ? null : change(KeyCodec.commitTsOfListed(first.key()), agent);
    }

    private Change change(CommitTs at, Agent agent) {
        byte[] row = rows.get(Table.JOURNAL, KeyCodec.ofNumber(at.value()));
        if (row != null) {
            for (MadeVersion made : JournalCodec.decodeVersions(row)) {
                if (made.key().agent().equals(agent)) {
                    return new Change(made.key(), made.version(), at);
                }
            }
        }
        throw new StoreFailedException(
                "commit " + at + " is listed under " + agent.id() + " and not in the journal; this replica must stop");
    }

    /** Follows a commit whose rows are in the unit. */
    public void learn(CommittedTransaction commit) {
        for (Event event : commit.events()) {
            cache.put(event.key(), KeyHead.of(event, commit.commitTs()));
        }
    }

    private KeyHead find(byte[] key) {
        byte[] head = rows.get(Table.HEADS, key);
        return head == null ? KeyHead.NEVER : HeadCodec.decode(head);
    }
}
