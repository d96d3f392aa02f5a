package io.statehouse.cluster.bench.time;

import io.statehouse.cluster.bench.core.LoggedPuts;
import io.statehouse.cluster.fault.Shell;
import io.statehouse.raft.Restore;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes a backup with many events in it, at the speed of the core: a log that never was is executed on a store, and the store is
 * written as a backup.
 */
final class LargeStore {
    private static final int BATCH = 512;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long EVENTS_PER_WORD = 1_000_000;

    private final Scenery scenery;
    private final SplittableRandom random = new SplittableRandom(1);
    private final LoggedPuts puts = new LoggedPuts(random);
    // Ends about now, so that the clock of the node that goes on with it is not behind its log.
    private final long firstMillis;

    private LargeStore(Scenery scenery) {
        this.scenery = scenery;
        this.firstMillis = System.currentTimeMillis() - scenery.events() / BATCH - 1;
    }

    /** Makes the backup where it is not there yet; one that is there is whole, because it has its name only when it is. */
    static void make(Path backup, Scenery scenery, Consumer<String> progress) {
        if (Files.isDirectory(backup)) {
            progress.accept("the store is there already: " + backup);
            return;
        }
        Path database = backup.resolveSibling(backup.getFileName() + ".database");
        Path unfinished = backup.resolveSibling(backup.getFileName() + ".unfinished");
        delete(database);
        delete(unfinished);
        try (StateMachine state = StateMachine.open(RocksStore.open(database), Limits.DEFAULT)) {
            new LargeStore(scenery).execute(state, progress);
            state.makeDurable();
            state.checkpoint(unfinished);
        }
        delete(database);
        try {
            seal(unfinished, scenery.events());
            Files.move(unfinished, backup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills the data directory of a node. */
    static void restore(Path backup, Path dataDirectory, String nodeId, Scenery scenery) {
        Restore.Restored restored = Restore.run(backup, dataDirectory, nodeId);
        if (restored.at().value() != scenery.events()) {
            throw new IllegalStateException("a store of " + restored.at() + " commits, not " + scenery.events());
        }
    }

    private void execute(StateMachine state, Consumer<String> progress) {
        long index = 0;
        for (long event = 0; event < scenery.events(); event += BATCH) {
            int count = (int) Math.min(BATCH, scenery.events() - event);
            state.execute(new LogPosition(1, ++index), batch(event, count));
            if (event / EVENTS_PER_WORD != (event + count) / EVENTS_PER_WORD) {
                progress.accept((event + count) / EVENTS_PER_WORD + " million events made");
            }
        }
    }

    private LoggedBatch batch(long first, int count) {
        List<Operation.Put> operations = LongStream.range(first, first + count)
                .mapToObj(event -> new Operation.Put(scenery.key(event, random), scenery.value(random)))
                .toList();
        return puts.batch(firstMillis + first / BATCH, first, operations);
    }

    /** What makes a directory of files a backup: its description, and the checksums of all. */
    private static void seal(Path backup, long commitTs) throws IOException {
        String about = "format=1\ncluster=" + new UUID(0, 1) + "\ncommit_ts=" + commitTs + "\n";
        Files.writeString(backup.resolve("BACKUP"), about);
        var sums = new StringBuilder();
        try (Stream<Path> files = Files.list(backup)) {
            for (Path file : files.sorted().toList()) {
                sums.append(sha256(file))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }
        Files.writeString(backup.resolve("SHA256SUMS"), sums);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void delete(Path directory) {
        String unused = Shell.run("rm", "-rf", "--", directory.toString());
    }
}
