package io.statehouse.statemachine.storage;

import io.statehouse.statemachine.StoreFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The store on RocksDB.
 *
 * <p>There is no write-ahead log: the replicated log is one. What a crash leaves behind is the last flush, which takes all
 * tables at one point (atomic_flush), so the applied row never speaks of rows that are not there. Once anything failed,
 * in a call or in RocksDB's own threads, every later write and flush fails too.
 */
public final class RocksStore implements Store {
    private static final String BACKGROUND_ERRORS = "rocksdb.background-errors";

    private final RocksSettings settings;
    private final RocksDB database;
    private final Map<Table, ColumnFamilyHandle> tables;
    private final boolean isReadOnly;
    /** The writer's. */
    private final BatchBytes rows;

    private final WriteOptions withoutLog = new WriteOptions().setDisableWAL(true);

    /** Guarded by its own monitor: what readers hold open, and must be let go before the database is. */
    private final Set<RocksSnapshot> snapshots = new LinkedHashSet<>();

    private volatile boolean isClosed;

    private RocksStore(
            RocksSettings settings, RocksDB database, Map<Table, ColumnFamilyHandle> tables, boolean isReadOnly) {
        this.settings = settings;
        this.database = database;
        this.tables = tables;
        Map<Table, Integer> columnFamilies = new EnumMap<>(Table.class);
        tables.forEach((table, handle) -> columnFamilies.put(table, handle.getID()));
        this.rows = new BatchBytes(columnFamilies);
        this.isReadOnly = isReadOnly;
    }

    /** Opens the database in a directory, made if it is missing. A failure in RocksDB's threads shows at the next write. */
    public static RocksStore open(Path directory) {
        return open(directory, failure -> {});
    }

    /**
     * Opens the database in a directory, made if it is missing.
     *
     * @param onFailure told at once, on a thread of RocksDB, when a flush or compaction in the background failed
     */
    public static RocksStore open(Path directory, Consumer<StoreFailedException> onFailure) {
        RocksSettings settings = new RocksSettings(onFailure);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            RocksDB database = RocksDB.open(settings.database(), directory.toString(), settings.tables(), handles);
            return new RocksStore(settings, database, byTable(handles), false);
        } catch (RocksDBException | IOException e) {
            settings.close();
            throw new StoreFailedException("cannot open the database in " + directory, e);
        }
    }

    /**
     * Opens the database in a directory without changing it: whatever is written fails. An earlier release may have written
     * it without tables that this one has; then it must be opened for writing first.
     */
    public static RocksStore openReadOnly(Path directory) {
        RocksSettings settings = new RocksSettings(failure -> {});
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database =
                    RocksDB.openReadOnly(settings.database(), directory.toString(), settings.tables(), handles);
            return new RocksStore(settings, database, byTable(handles), true);
        } catch (RocksDBException e) {
            settings.close();
            throw new StoreFailedException("cannot open the database in " + directory, e);
        }
    }

    /**
     * Reads every block of a database that nobody has open, without changing it.
     *
     * @throws StoreFailedException when a checksum of RocksDB's own does not hold
     */
    public static void verify(Path directory) {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (RocksSettings settings = new RocksSettings(failure -> {});
                Options any = new Options();
                RocksDB database = RocksDB.openReadOnly(
                        settings.database(),
                        directory.toString(),
                        settings.tables(RocksDB.listColumnFamilies(any, directory.toString())),
                        handles)) {
            database.verifyChecksum();
            handles.forEach(ColumnFamilyHandle::close);
        } catch (RocksDBException e) {
            throw new StoreFailedException("the database in " + directory + " is damaged", e);
        }
    }

    /** The handles come in the order of the descriptors: the default column family, which stays empty, then the tables. */
    private static Map<Table, ColumnFamilyHandle> byTable(List<ColumnFamilyHandle> handles) {
        Map<Table, ColumnFamilyHandle> tables = new EnumMap<>(Table.class);
        Iterator<ColumnFamilyHandle> rest = handles.iterator();
        rest.next();
        for (Table table : Table.values()) {
            tables.put(table, rest.next());
        }
        return tables;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        try {
            return database().get(handle(table), key);
        } catch (RocksDBException e) {
            throw failed("cannot read table " + table, e);
        }
    }

    @Override
    public @Nullable Row first(Table table, KeyRange range) {
        try (Cursor cursor = ascending(table, range)) {
            return cursor.advance() ? new Row(cursor.key(), cursor.value()) : null;
        }
    }

    @Override
    public Cursor ascending(Table table, KeyRange range) {
        return RocksCursor.ascending(table, database().newIterator(handle(table)), range);
    }

    @Override
    public Cursor descending(Table table, KeyRange range) {
        return RocksCursor.descending(table, database().newIterator(handle(table)), range);
    }

    @Override
    public Snapshot snapshot() {
        RocksDB open = database();
        synchronized (snapshots) {
            RocksSnapshot snapshot = new RocksSnapshot(open, tables, this::forget);
            snapshots.add(snapshot);
            return snapshot;
        }
    }

    private void forget(RocksSnapshot snapshot) {
        synchronized (snapshots) {
            snapshots.remove(snapshot);
        }
    }

    @Override
    public void requireHealthy() {
        settings.requireHealthy();
        try {
            if (database().getLongProperty(BACKGROUND_ERRORS) > 0) {
                throw new StoreFailedException("the database counts errors in the background; this replica must stop");
            }
        } catch (RocksDBException e) {
            throw failed("cannot ask the database how it is", e);
        }
    }

    @Override
    public StoreFigures figures() {
        try {
            return new RocksFigures(database(), tables.values()).read();
        } catch (RocksDBException e) {
            throw failed("cannot ask the database for its figures", e);
        }
    }

    @Override
    public void write(WriteUnit unit) {
        settings.requireHealthy();
        rows.clear();
        unit.replay(rows);
        try (WriteBatch batch = new WriteBatch(rows.toBytes())) {
            database().write(withoutLog, batch);
        } catch (RocksDBException e) {
            throw failed("cannot write a unit of " + unit.rowCount() + " rows", e);
        }
    }

    @Override
    public boolean flush() {
        settings.requireHealthy();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            database().flush(options, new ArrayList<>(tables.values()));
        } catch (RocksDBException e) {
            throw failed("cannot flush", e);
        }
        settings.requireHealthy();
        return true;
    }

    @Override
    public void checkpoint(Path directory) {
        settings.requireHealthy();
        try (Checkpoint checkpoint = Checkpoint.create(database())) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw failed("cannot write a checkpoint to " + directory, e);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        try {
            if (!isReadOnly) {
                flush();
            }
        } finally {
            closeWithoutFlush();
        }
    }

    /** What a crash does, but for the process. */
    public void closeWithoutFlush() {
        isClosed = true;
        synchronized (snapshots) {
            List.copyOf(snapshots).forEach(RocksSnapshot::close);
        }
        tables.values().forEach(ColumnFamilyHandle::close);
        database.close();
        withoutLog.close();
        settings.close();
    }

    private RocksDB database() {
        if (isClosed) {
            // RocksDB itself would end the process here.
            throw new StoreFailedException("the database was used after it was closed");
        }
        return database;
    }

    private ColumnFamilyHandle handle(Table table) {
        ColumnFamilyHandle handle = tables.get(table);
        if (handle == null) {
            throw new IllegalStateException("no column family for table " + table);
        }
        return handle;
    }

    private static StoreFailedException failed(String what, RocksDBException cause) {
        return new StoreFailedException(what + "; this replica must stop", cause);
    }
}
