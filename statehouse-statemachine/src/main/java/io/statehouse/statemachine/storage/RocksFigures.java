package io.statehouse.statemachine.storage;

import java.util.Collection;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Asks RocksDB for its properties: those of all tables together, and those that are the database's. */
final class RocksFigures {
    private final RocksDB database;
    private final Collection<ColumnFamilyHandle> tables;

    RocksFigures(RocksDB database, Collection<ColumnFamilyHandle> tables) {
        this.database = database;
        this.tables = tables;
    }

    StoreFigures read() throws RocksDBException {
        // One cache for all tables: each of them tells the whole of it.
        ColumnFamilyHandle any = tables.iterator().next();
        return new StoreFigures(
                sum("rocksdb.estimate-num-keys"),
                sum("rocksdb.total-sst-files-size"),
                sum("rocksdb.estimate-live-data-size"),
                sum("rocksdb.cur-size-all-mem-tables"),
                database.getLongProperty(any, "rocksdb.block-cache-usage"),
                sum("rocksdb.estimate-table-readers-mem"),
                levelZeroFiles(),
                sum("rocksdb.estimate-pending-compaction-bytes"),
                database.getLongProperty("rocksdb.num-running-compactions"),
                database.getLongProperty("rocksdb.num-running-flushes"),
                database.getLongProperty("rocksdb.is-write-stopped") > 0,
                database.getLongProperty("rocksdb.actual-delayed-write-rate"),
                database.getLongProperty("rocksdb.num-snapshots"));
    }

    private long sum(String property) throws RocksDBException {
        long sum = 0;
        for (ColumnFamilyHandle table : tables) {
            sum += database.getLongProperty(table, property);
        }
        return sum;
    }

    private long levelZeroFiles() throws RocksDBException {
        long files = 0;
        for (ColumnFamilyHandle table : tables) {
            files += Long.parseLong(database.getProperty(table, "rocksdb.num-files-at-level0"));
        }
        return files;
    }
}
