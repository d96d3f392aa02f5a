package io.statehouse.statemachine;

import io.statehouse.statemachine.storage.ObservedStore;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the rows by which commits are found once more, to a store of their own, and counts what that takes. */
final class IndexShare implements ObservedStore.Observer {
    private static final Set<Table> INDEXES =
            EnumSet.of(Table.AGENT_EVENTS, Table.NAMESPACE_EVENTS, Table.TRANSACTIONS, Table.READERS);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Store own;
    private long nanos;
    private long cpuNanos;

    /** What all of it has taken, with picking the rows out. */
    private long overheadNanos;

    private long overheadCpuNanos;

    IndexShare(Store own) {
        this.own = own;
    }

    record Cost(long nanos, long cpuNanos) {}

    Cost cost() {
        return new Cost(nanos, cpuNanos);
    }

    Cost overhead() {
        return new Cost(overheadNanos, overheadCpuNanos);
    }

    @Override
    public void looks(ObservedStore.Look look, Table table) {}

    @Override
    public void writes(WriteUnit unit) {
        long began = System.nanoTime();
        long cpuBegan = THREADS.getCurrentThreadCpuTime();
        Map<Table, List<Row>> rows = indexRows(unit);
        long start = System.nanoTime();
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        try (WriteUnit copy = new WriteUnit(own)) {
            rows.forEach((table, list) -> list.forEach(row -> copy.put(table, row.key(), row.value())));
            own.write(copy);
        }
        nanos += System.nanoTime() - start;
        cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuStart;
        overheadNanos += System.nanoTime() - began;
        overheadCpuNanos += THREADS.getCurrentThreadCpuTime() - cpuBegan;
    }

    private static Map<Table, List<Row>> indexRows(WriteUnit unit) {
        Map<Table, List<Row>> rows = new EnumMap<>(Table.class);
        unit.replay(new WriteUnit.Writer() {
            @Override
            public void put(Table table, byte[] key, byte[] value) {
                if (INDEXES.contains(table)) {
                    rows.computeIfAbsent(table, first -> new ArrayList<>()).add(new Row(key, value));
                }
            }

            @Override
            public void delete(Table table, byte[] key) {}
        });
        return rows;
    }
}
