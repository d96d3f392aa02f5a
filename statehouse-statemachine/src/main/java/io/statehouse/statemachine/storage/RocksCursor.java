package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.StoreFailedException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A cursor on a RocksDB iterator; sees the table as it was when the cursor was opened. */
final class RocksCursor implements Cursor {
    private final Table table;
    private final RocksIterator iterator;
    private final KeyRange range;
    private final boolean isDescending;

    /** Nothing is sought before it is asked for: whoever will seek does not pay for a way to the start of the range. */
    private boolean isUnused = true;

    private boolean isPlaced;
    private byte @Nullable [] key;

    private RocksCursor(Table table, RocksIterator iterator, KeyRange range, boolean isDescending) {
        this.table = table;
        this.iterator = iterator;
        this.range = range;
        this.isDescending = isDescending;
    }

    static Cursor ascending(Table table, RocksIterator iterator, KeyRange range) {
        return new RocksCursor(table, iterator, range, false);
    }

    static Cursor descending(Table table, RocksIterator iterator, KeyRange range) {
        return new RocksCursor(table, iterator, range, true);
    }

    @Override
    public boolean advance() {
        if (isUnused) {
            seekStart();
        }
        if (isPlaced) {
            isPlaced = false;
        } else if (key != null) {
            move();
        }
        key = keyInRange();
        return key != null;
    }

    @Override
    public void seek(byte[] target) {
        isUnused = false;
        isPlaced = true;
        if (!isDescending) {
            iterator.seek(range.isBefore(target) ? range.from() : target);
        } else if (range.isBeyond(target)) {
            seekEnd();
        } else {
            iterator.seekForPrev(target);
        }
    }

    @Override
    public byte[] key() {
        return requireRow();
    }

    private byte[] requireRow() {
        if (key == null) {
            throw new IllegalStateException("the cursor stands on no row of " + table);
        }
        return key;
    }

    @Override
    public byte[] value() {
        requireRow();
        return iterator.value();
    }

    @Override
    public void close() {
        iterator.close();
    }

    private void move() {
        if (isDescending) {
            iterator.prev();
        } else {
            iterator.next();
        }
    }

    private void seekStart() {
        isUnused = false;
        isPlaced = true;
        if (isDescending) {
            seekEnd();
        } else {
            iterator.seek(range.from());
        }
    }

    /** To the last row below the exclusive end. */
    private void seekEnd() {
        byte[] to = range.to();
        if (to == null) {
            iterator.seekToLast();
        } else {
            iterator.seekForPrev(to);
            if (iterator.isValid() && range.isBeyond(iterator.key())) {
                iterator.prev();
            }
        }
    }

    private byte @Nullable [] keyInRange() {
        if (iterator.isValid()) {
            byte[] found = iterator.key();
            return range.holds(found) ? found : null;
        }
        try {
            // An iterator also becomes invalid when a block cannot be read; that must not look like the end.
            iterator.status();
        } catch (RocksDBException e) {
            throw new StoreFailedException("cannot read table " + table + "; this replica must stop", e);
        }
        return null;
    }
}
