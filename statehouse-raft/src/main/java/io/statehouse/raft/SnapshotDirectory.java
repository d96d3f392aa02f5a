package io.statehouse.raft;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the live database and its would-be successors lie, and the pointer file that says which one lives.
 *
 * <p>The directory holds {@code CURRENT}, {@code db-N} which it names, and for a while {@code staging-N}, a copy on its
 * way from the leader, and {@code checkpoint-N}, a copy on its way to a follower or a backup. A crash between any two steps leaves a
 * pointer to a complete database; everything it does not name is removed at the next start.
 */
final class SnapshotDirectory {
    private static final String POINTER = "CURRENT";
    private static final String DATABASE = "db-";
    private static final String STAGING = "staging-";
    private static final String CHECKPOINT = "checkpoint-";
    private static final Pattern DATABASE_NAME = Pattern.compile("db-[0-9]{1,18}");

    private final Path root;
    private final Limits limits;
    private final Halt halt;

    /** Guarded by this: the last number given to a copy. */
    private long copies;

    SnapshotDirectory(Path root, Limits limits, Halt halt) {
        this.root = root;
        this.limits = limits;
        this.halt = halt;
    }

    /** Makes the first database if there is none, and removes what a crash left behind. */
    void prepare() {
        try {
            if (current() == null) {
                startFirst();
            }
            removeOthers();
        } catch (IOException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "cannot prepare the state directory " + root + ": " + e.getMessage(), e);
        }
    }

    private void startFirst() throws IOException {
        // A crash here may have left an empty database; it is opened for the first time when the pointer names it.
        Path first = root.resolve(DATABASE + 1);
        remove(root.resolve(POINTER + ".tmp"));
        if (isEmptyDirectory(first)) {
            Files.delete(first);
        }
        if (!list().isEmpty()) {
            throw new StartRefusedException(
                    ExitCode.METADATA_DAMAGED,
                    "the state directory " + root + " holds files and no " + POINTER
                            + " file to say which of them are in use; remove this member and add it again as a new one");
        }
        Files.createDirectory(first);
        point(DATABASE + 1);
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (var files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    /** The database that the pointer names. */
    Path requireCurrent() {
        Path database = current();
        if (database == null || !Files.isDirectory(database)) {
            throw new StartRefusedException(
                    ExitCode.METADATA_DAMAGED, "the database that " + root.resolve(POINTER) + " names is missing");
        }
        return database;
    }

    /** Opens a database to live in: what fails behind its calls stops the process at once. */
    StateMachine open(Path database) {
        return StateMachine.open(RocksStore.open(database, this::stop), limits);
    }

    /** The end of a process waits for RocksDB's threads, so it must not be brought about on one of them. */
    private void stop(StoreFailedException failure) {
        Thread.ofPlatform()
                .name("database-failed")
                .start(() -> halt.now(ExitCode.STORAGE_FAILED, "the database failed in the background", failure));
    }

    /** Where in the log a copy is that nobody lives in yet. */
    LogPosition positionOf(Path copy) {
        try (var state = StateMachine.open(RocksStore.open(copy), limits)) {
            return state.applied();
        }
    }

    /** How far a copy has come that nobody lives in; it is not changed. */
    Applied progressOf(Path copy) {
        try (RocksStore store = RocksStore.openReadOnly(copy)) {
            return AppliedCodec.read(store);
        }
    }

    private @Nullable Path current() {
        try {
            Path pointer = root.resolve(POINTER);
            if (!Files.exists(pointer)) {
                return null;
            }
            // Damaged bytes must be answered by the sentence below, so they are read as what cannot be malformed.
            String name = Files.readString(pointer, StandardCharsets.ISO_8859_1).strip();
            if (!DATABASE_NAME.matcher(name).matches()) {
                throw new StartRefusedException(ExitCode.METADATA_DAMAGED, pointer + " does not name a database");
            }
            return root.resolve(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new empty directory for a copy from the leader. */
    Path newStaging() throws IOException {
        return Files.createDirectory(root.resolve(STAGING + nextNumber()));
    }

    /** A name, not made yet, for a copy that goes elsewhere. */
    Path newCheckpoint() throws IOException {
        return root.resolve(CHECKPOINT + nextNumber());
    }

    private synchronized long nextNumber() throws IOException {
        for (Path path : list()) {
            String name = path.getFileName().toString();
            String number = name.substring(name.lastIndexOf('-') + 1);
            copies = Math.max(copies, number.chars().allMatch(Character::isDigit) ? Long.parseLong(number) : 0);
        }
        return ++copies;
    }

    /** Makes a finished, forced copy the current database. Durable when it returns. */
    synchronized void switchTo(Path staging) throws IOException {
        String name = staging.getFileName().toString().replace(STAGING, DATABASE);
        Files.move(staging, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(root);
        point(name);
    }

    /** Makes the database before a switch current again, unless another switch has followed. */
    synchronized void switchBack(Path superseding, Path superseded) {
        try {
            if (superseding.equals(current())) {
                point(superseded.getFileName().toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Removes every database that is neither open nor named by the pointer: the one before, and copies that another one
     * followed before they were ever opened. What is under way belongs to others.
     */
    synchronized void retireAllBut(Path open) {
        try {
            Path kept = current();
            for (Path path : list()) {
                boolean isDatabase = path.getFileName().toString().startsWith(DATABASE);
                if (isDatabase && !path.equals(open) && !path.equals(kept)) {
                    remove(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void point(String name) throws IOException {
        Path written = root.resolve(POINTER + ".tmp");
        try (var file = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            file.write(StandardCharsets.UTF_8.encode(name + "\n"));
            file.force(true);
        }
        Files.move(written, root.resolve(POINTER), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(root);
    }

    /** Forces every file of a copy, and the directory that names them, to the disk. */
    static void forceAll(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        forceDirectory(directory);
    }

    static void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes everything that the pointer does not name; at the start, when nothing else is at work here. */
    private void removeOthers() {
        try {
            Path kept = current();
            for (Path path : list()) {
                if (!path.equals(kept) && !path.getFileName().toString().equals(POINTER)) {
                    remove(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> list() throws IOException {
        Files.createDirectories(root);
        try (var paths = Files.list(root)) {
            return paths.sorted().toList();
        }
    }

    static void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
