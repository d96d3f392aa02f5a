package io.statehouse.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.fault.Injection;
import io.statehouse.cluster.fault.SyscallInjector;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database of a process that was killed holds what some prefix of the log makes: no row more, no row less. */
class KilledStoreTest {
    private static final int ENTRIES = 260;
    private static final int KILLS = 3;
    private static final int CRASH_POINTS = Integer.getInteger("statehouse.crash.points", 4);
    private static final int CALLS_TO_CHOOSE_FROM = 24;
    private static final long DEADLINE_SECONDS = 120;
    private static final int ENDED = 0;
    private static final int KILLED = 128 + 9;
    private static final String CALLS = "fdatasync,fsync,rename,unlink,ftruncate";

    private final long seed = Long.getLong("statehouse.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private final RandomGenerator random = new java.util.SplittableRandom(seed);

    @TempDir
    Path directory;

    @Test
    void aStoreKilledAtAnyMomentHoldsExactlyAPrefixOfTheLog() throws Exception {
        System.out.println("seed " + seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Path store = directory.resolve("killed-" + kill);
            long flushed = killAfter(start(store, List.of()), 120 + random.nextInt(ENTRIES - 120));
            requirePrefix(store, flushed);
        }
    }

    @Test
    void aStoreKilledAtAnyCallThatChangesItsDiskHoldsExactlyAPrefixOfTheLog() throws Exception {
        assumeTrue(
                SyscallInjector.obstacle().isEmpty(),
                () -> "no system calls can be injected here: " + SyscallInjector.obstacle());
        System.out.println("seed " + seed);
        int killed = 0;
        for (int point = 0; point < CRASH_POINTS; point++) {
            Path store = directory.resolve("crashed-" + point);
            int call = CRASH_POINTS >= CALLS_TO_CHOOSE_FROM ? point + 1 : 1 + random.nextInt(CALLS_TO_CHOOSE_FROM);
            Path calls = directory.resolve("calls-" + point);
            long flushed = killAfter(
                    start(store, SyscallInjector.commandPrefix(calls, Injection.killingAt(CALLS, call))), ENTRIES);
            killed += SyscallInjector.hitsIn(calls) > 0 ? 1 : 0;
            requirePrefix(store, flushed);
        }
        assertThat(killed).as("processes that were killed at a call").isPositive();
    }

    private Process start(Path store, List<String> prefix) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        String more = System.getProperty(SingleNode.JVM_OPTIONS_PROPERTY, "");
        if (!more.isEmpty()) {
            command.add(more);
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ApplyingProcess.class.getName(),
                store.toString(),
                Long.toString(seed),
                Integer.toString(ENTRIES)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Kills a process at an entry, unless it ends before, and returns the last entry it called durable. */
    private static long killAfter(Process process, long entry) throws Exception {
        long flushed = -1;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ApplyingProcess.FLUSHED)) {
                    flushed = Long.parseLong(line.substring(ApplyingProcess.FLUSHED.length()));
                } else if (line.equals(ApplyingProcess.APPLIED + entry)) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // Whatever ended otherwise has failed to apply, and what it left behind proves nothing.
        assertThat(process.exitValue()).isIn(ENDED, KILLED);
        return flushed;
    }

    private void requirePrefix(Path directory, long flushed) {
        try (RocksStore store = RocksStore.open(directory);
                TreeStore twin = new TreeStore()) {
            long reached =
                    StateMachine.open(store, ApplyingProcess.LIMITS).applied().index();
            assertThat(reached).as("entries that survived").isGreaterThanOrEqualTo(flushed);
            var replayed = StateMachine.open(twin, ApplyingProcess.LIMITS, RecentHeads.Bounds.NOTHING);
            ApplyingProcess.applyAll(seed, (int) Math.max(0, reached), replayed::execute);
            for (Table table : Table.values()) {
                assertThat(rows(store, table))
                        .as("rows of " + table + " after entry " + reached)
                        .isEqualTo(rows(twin, table));
            }
        }
    }

    /** Keys, and of each value enough to tell it from another. */
    private static List<String> rows(Store store, Table table) {
        List<String> rows = new ArrayList<>();
        try (Cursor cursor = store.ascending(table, KeyRange.all())) {
            while (cursor.advance()) {
                rows.add(HexFormat.of().formatHex(cursor.key()) + "=" + Arrays.hashCode(cursor.value()));
            }
        }
        return rows;
    }
}
