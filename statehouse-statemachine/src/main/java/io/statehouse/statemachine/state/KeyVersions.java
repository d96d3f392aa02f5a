package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds versions of keys that are not newer than a commit, with one cursor for many questions.
 *
 * <p>The present is two lookups of single rows: the key's head and the version that it names. The past is a seek.
 */
public final class KeyVersions implements AutoCloseable {
    private final Rows rows;
    private final CommitTs at;

    /** Opened when the first question needs it. */
    private @Nullable Cursor opened;

    /** @param at versions of later commits are not found */
    public KeyVersions(Rows rows, CommitTs at) {
        this.rows = rows;
        this.at = at;
    }

    /** The newest version of a key; null when there is none. */
    @Nullable
    Row newest(byte[] key) {
        byte[] found = rows.get(Table.HEADS, key);
        if (found == null) {
            return null;
        }
        KeyHead head = HeadCodec.decode(found);
        if (!head.commitTs().isAfter(at)) {
            byte[] place = KeyCodec.ofVersion(key, head.commitTs(), head.version());
            byte[] value = rows.get(Table.VERSIONS, place);
            if (value != null) {
                return new Row(place, value);
            }
            // A later commit has superseded it since, and retention let it go: what there is, a seek finds.
        }
        return newestUpTo(key, at) ? row() : null;
    }

    /**
     * The row of one version; null when there is none.
     *
     * <p>Versions grow with commits, so this halves the span of commits until it stands on the version: a number of seeks
     * that grows with the logarithm of the history, not with its length.
     */
    public @Nullable Row ofVersion(byte[] key, long version) {
        if (version < 1 || !newestUpTo(key, at) || version > standingVersion()) {
            return null;
        }
        // The version lies in a commit above `low` and not above `high`.
        long low = 0;
        long high = standingCommit();
        while (low + 1 < high) {
            long middle = low + (high - low) / 2;
            if (newestUpTo(key, new CommitTs(middle)) && standingVersion() >= version) {
                high = standingCommit();
            } else {
                low = middle;
            }
        }
        return withinCommit(key, new CommitTs(high), version) ? row() : null;
    }

    /** The newest version of a key that is not above a version; null when there is none. */
    @Nullable
    Row newestUpToVersion(byte[] key, long version) {
        boolean stands = newestUpTo(key, at);
        return stands && standingVersion() > version ? ofVersion(key, version) : stands ? row() : null;
    }

    /** The version before the one it stands on; null when there is none. */
    @Nullable
    Row older(byte[] key) {
        return cursor().advance() && isOf(key) ? row() : null;
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    /** One commit may hold many versions of a key; their rows are ordered, so the wanted one is a seek away. */
    private boolean withinCommit(byte[] key, CommitTs commitTs, long version) {
        cursor().seek(KeyCodec.ofVersion(key, commitTs, version));
        return cursor().advance() && isOf(key) && standingVersion() == version;
    }

    private boolean newestUpTo(byte[] key, CommitTs upTo) {
        cursor().seek(KeyCodec.ofVersionsUpTo(key, upTo));
        return cursor().advance() && isOf(key);
    }

    private boolean isOf(byte[] key) {
        byte[] row = cursor().key();
        return row.length == key.length + KeyCodec.VERSION_BYTES
                && Arrays.equals(row, 0, key.length, key, 0, key.length);
    }

    private Cursor cursor() {
        if (opened == null) {
            opened = rows.ascending(Table.VERSIONS, KeyRange.all());
        }
        return opened;
    }

    private long standingVersion() {
        return KeyCodec.versionOfVersion(cursor().key());
    }

    private long standingCommit() {
        return KeyCodec.commitTsOfVersion(cursor().key()).value();
    }

    private Row row() {
        return new Row(cursor().key(), cursor().value());
    }
}
