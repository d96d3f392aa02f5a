package io.statehouse.statemachine;

import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.storage.ObservedStore;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.TreeStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How many transactions one thread applies in a second: decode, decide, project, journal, ledger, write; and what the rows cost
 * by which commits are found. Run by hand:
 * {@code rocks|tree <transactions per batch> <value bytes> <keys> <transactions>}.
 */
public final class ApplyBenchmark {
    private static final int AGENTS = 100;
    private static final int ROUNDS = 5;
    private static final long FIRST_MILLIS = 1_800_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int batchSize;
    private final int valueBytes;
    private final int keys;
    private final Random random = new Random(1);
    private long index;

    private ApplyBenchmark(int batchSize, int valueBytes, int keys) {
        this.batchSize = batchSize;
        this.valueBytes = valueBytes;
        this.keys = keys;
    }

    public static void main(String[] args) throws IOException {
        boolean isRocks = args[0].equals("rocks");
        ApplyBenchmark benchmark =
                new ApplyBenchmark(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        Path directory = Files.createTempDirectory("statehouse-apply");
        try {
            Store store = isRocks ? RocksStore.open(directory.resolve("db")) : new TreeStore();
            try (Store indexes = isRocks ? RocksStore.open(directory.resolve("indexes")) : new TreeStore()) {
                IndexShare share = new IndexShare(indexes);
                try (StateMachine state = StateMachine.open(new ObservedStore(store, share), Limits.DEFAULT)) {
                    for (int round = 1; round <= ROUNDS; round++) {
                        benchmark.round(state, share, Integer.parseInt(args[4]), round);
                    }
                }
            }
        } finally {
            delete(directory);
        }
    }

    private void round(StateMachine state, IndexShare share, int transactions, int round) {
        List<byte[]> entries = new ArrayList<>();
        for (int made = 0; made < transactions; made += batchSize) {
            entries.add(LogCodec.encode(batch()));
        }
        long position = state.applied().index();
        IndexShare.Cost indexesBefore = share.cost();
        IndexShare.Cost overheadBefore = share.overhead();
        long start = System.nanoTime();
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        for (byte[] entry : entries) {
            state.execute(new LogPosition(1, ++position), LogCodec.decode(ByteBuffer.wrap(entry)));
        }
        IndexShare.Cost overhead = share.overhead();
        long nanos = System.nanoTime() - start - (overhead.nanos() - overheadBefore.nanos());
        long cpuNanos =
                THREADS.getCurrentThreadCpuTime() - cpuStart - (overhead.cpuNanos() - overheadBefore.cpuNanos());
        double seconds = nanos / 1e9;
        double cpuSeconds = cpuNanos / 1e9;
        double indexCpuSeconds = (share.cost().cpuNanos() - indexesBefore.cpuNanos()) / 1e9;
        int applied = entries.size() * batchSize;
        System.out.printf(
                Locale.ROOT,
                "round %d: %,.0f transactions/s, %.2f us each, of them %.2f us CPU of the applying thread; the rows of the"
                        + " indexes alone %.2f us CPU%n",
                round,
                applied / seconds,
                seconds * 1e6 / applied,
                cpuSeconds * 1e6 / applied,
                indexCpuSeconds * 1e6 / applied);
    }

    private LoggedBatch batch() {
        List<Command> commands = new ArrayList<>();
        for (int made = 0; made < batchSize; made++) {
            commands.add(command());
        }
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return new LoggedBatch(new Stamp(FIRST_MILLIS + index, salt), 1, index++, commands);
    }

    private Command command() {
        // As clients make them: by the millisecond, and by chance within it.
        long madeAt = FIRST_MILLIS + index;
        String id = String.format(
                Locale.ROOT,
                "%08x-%04x-7%03x-8000-%012x",
                madeAt >> 16,
                madeAt & 0xFFFF,
                random.nextInt(1 << 12),
                random.nextLong() >>> 16);
        Key key = new Agent("default", "agent-" + random.nextInt(AGENTS)).key("state/key-" + random.nextInt(keys));
        StringBuilder text = new StringBuilder("{\"text\":\"");
        while (text.length() < valueBytes - 2) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        Json value = Json.ofTrusted(text.append("\"}").toString().getBytes(StandardCharsets.UTF_8));
        return new CommitTransaction(
                new TxnId(id), List.of(new Operation.Put(key, value)), List.of(), List.of(), Origin.NONE);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
