package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.StoreFailedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;
import org.rocksdb.TableFileCreationInfo;

/** How RocksDB is set up, owner of the native objects that must outlive the database, and its ear for failures. */
final class RocksSettings implements AutoCloseable {
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final int WRITE_BUFFERS_MAX = 4;
    /** Of all tables together. */
    private static final long WRITE_BUFFERS_BYTES_MAX = 256L << 20;
    // Merging twice as many at once halves how often a table is rewritten whose keys are written in no order.
    private static final int NEW_FILES_MERGED = 8;
    private static final long BLOCK_CACHE_BYTES = 128L << 20;
    // For indexes, filters and what was found there before: the binding's default is none.
    private static final double HIGH_PRIORITY_SHARE = 0.5;
    private static final int SHARDS_BY_SIZE = -1;
    private static final long BLOCK_BYTES = 16L << 10;
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final double MEMTABLE_FILTER_RATIO = 0.02;
    private static final int OPEN_FILES_MAX = 4_096;
    private static final int INFO_LOGS_KEPT = 4;
    private static final long INFO_LOG_BYTES_MAX = 4L << 20;
    // The first whose checksums cover the end of a file too, and bind each block to its place.
    private static final int FORMAT_VERSION = 6;

    /**
     * Of new files, of the first level that is in use, and of those below it. While a table is small all of it is in the first
     * two: what was just written is merged again soon, and ZSTD took a third of the CPU of compactions there.
     */
    private static final List<CompressionType> COMPRESSION =
            List.of(CompressionType.LZ4_COMPRESSION, CompressionType.LZ4_COMPRESSION, CompressionType.ZSTD_COMPRESSION);

    static {
        RocksDB.loadLibrary();
    }

    private final FailureListener failures;
    private final Cache cache = new LRUCache(BLOCK_CACHE_BYTES, SHARDS_BY_SIZE, false, HIGH_PRIORITY_SHARE);
    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY, false);
    private final DBOptions database;
    private final List<ColumnFamilyDescriptor> tables = new ArrayList<>();

    RocksSettings(Consumer<StoreFailedException> onFailure) {
        failures = new FailureListener(onFailure);
        database = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setAtomicFlush(true)
                // Closing flushes by itself; a crash is closing without it.
                .setAvoidFlushDuringShutdown(true)
                .setAllowConcurrentMemtableWrite(false)
                // A disk that failed once is not tried again: the replica stops and is rebuilt from the others.
                .setMaxBgErrorResumeCount(0)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setDbWriteBufferSize(WRITE_BUFFERS_BYTES_MAX)
                .setKeepLogFileNum(INFO_LOGS_KEPT)
                .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setListeners(List.of(failures));
        tables.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options(false)));
        for (Table table : Table.values()) {
            tables.add(new ColumnFamilyDescriptor(
                    table.diskName().getBytes(StandardCharsets.UTF_8), options(isAskedForSingleRows(table))));
        }
    }

    DBOptions database() {
        return database;
    }

    List<ColumnFamilyDescriptor> tables() {
        return tables;
    }

    /** Those of the tables that a database has: an earlier release may have written it with fewer. */
    List<ColumnFamilyDescriptor> tables(List<byte[]> names) {
        return tables.stream()
                .filter(table -> names.stream().anyMatch(name -> Arrays.equals(name, table.getName())))
                .toList();
    }

    void requireHealthy() {
        StoreFailedException failure = failures.first;
        if (failure != null) {
            throw new StoreFailedException("the database failed before; this replica must stop", failure);
        }
    }

    @Override
    public void close() {
        tables.forEach(descriptor -> descriptor.getOptions().close());
        database.close();
        failures.close();
        bloom.close();
        cache.close();
    }

    /** Where single rows are asked for, a filter saves the walk through the files and levels that do not have them. */
    private static boolean isAskedForSingleRows(Table table) {
        return switch (table) {
            case VERSIONS, HEADS, AGENTS, NAMESPACES, LEDGER, RETENTION, TOKENS -> true;
            case JOURNAL, AGENT_EVENTS, NAMESPACE_EVENTS, TRANSACTIONS, READERS, KEYS, REFUSALS, DEADLINES, META ->
                false;
        };
    }

    private ColumnFamilyOptions options(boolean isFiltered) {
        BlockBasedTableConfig blocks = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                // The index of a large file is half a megabyte; a question needs some kilobytes of it.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setPinTopLevelIndexAndFilter(true)
                .setBlockSize(BLOCK_BYTES)
                .setFormatVersion(FORMAT_VERSION);
        if (isFiltered) {
            blocks.setFilterPolicy(bloom);
        }
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(WRITE_BUFFERS_MAX)
                .setLevel0FileNumCompactionTrigger(NEW_FILES_MERGED)
                .setCompressionPerLevel(COMPRESSION)
                .setTableFormatConfig(blocks);
        return isFiltered
                ? options.setMemtableWholeKeyFiltering(true).setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_RATIO)
                : options;
    }

    /**
     * Hears of failed flushes and compactions and remembers the first.
     *
     * <p>RocksDB's Java binding drops the background error it reports most often here, a failed flush without a write-ahead
     * log: it has no name for that reason. The file that could not be made is reported too, so both are listened to.
     */
    private static final class FailureListener extends AbstractEventListener {
        private final Consumer<StoreFailedException> onFailure;
        private volatile @Nullable StoreFailedException first;

        FailureListener(Consumer<StoreFailedException> onFailure) {
            super(EnabledEventCallback.ON_BACKGROUND_ERROR, EnabledEventCallback.ON_TABLE_FILE_CREATED);
            this.onFailure = onFailure;
        }

        @Override
        public void onBackgroundError(BackgroundErrorReason reason, Status status) {
            heard(reason + " " + status.getCodeString());
        }

        @Override
        public void onTableFileCreated(TableFileCreationInfo file) {
            Status status = file.getStatus();
            // A compaction that the closing of the database interrupts is no failure.
            if (status.getCode() != Status.Code.Ok && status.getCode() != Status.Code.ShutdownInProgress) {
                heard(file.getReason() + " of a file " + status.getCodeString());
            }
        }

        private void heard(String what) {
            StoreFailedException failure = new StoreFailedException(
                    "the database failed in the background: " + what + "; this replica must stop");
            if (first == null) {
                first = failure;
            }
            onFailure.accept(failure);
        }
    }
}
