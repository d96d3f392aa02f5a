package io.statehouse.cluster.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What a disk does to the files of a node that does not run: bits flip, ends are torn, files vanish. */
public final class DiskDamage {
    private static final String TEXT_OF_ROCKSDB = "LOG";

    private final Path data;

    /** The kinds of files that a node cannot do without. */
    public enum Kind {
        /** Segments of the Raft log, in their order. */
        RAFT_LOG("raft/*/current/log_*"),
        /** What this member voted. */
        VOTE("raft/*/current/raft-meta"),
        /** Whom Ratis takes for the members. */
        CONFIGURATION("raft/*/current/raft-meta.conf"),
        /** Whose directory it is. */
        IDENTITY("identity"),
        /** How far the log is known to reach. */
        MARKS("marks"),
        /** Which database lives. */
        POINTER("state/CURRENT"),
        /** Tables of RocksDB. */
        SST("state/db-*/*.sst"),
        /** Which tables RocksDB has. */
        MANIFEST("state/db-*/MANIFEST-*"),
        /** Which manifest of RocksDB is valid. */
        CURRENT("state/db-*/CURRENT"),
        /** The settings RocksDB was opened with. */
        OPTIONS("state/db-*/OPTIONS-*");

        private final String pattern;

        Kind(String pattern) {
            this.pattern = pattern;
        }
    }

    private DiskDamage(Path data) {
        this.data = data;
    }

    /** Of the data directory of a node. */
    public static DiskDamage of(Path data) {
        return new DiskDamage(data);
    }

    /** The files of a kind, by name; there may be none. */
    public List<Path> files(Kind kind) {
        var matcher = data.getFileSystem().getPathMatcher("glob:" + data + "/" + kind.pattern);
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(file -> Files.isRegularFile(file)
                            && matcher.matches(file)
                            && !file.getFileName().toString().equals(TEXT_OF_ROCKSDB))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last file of a kind. */
    public Path file(Kind kind) {
        List<Path> files = files(kind);
        if (files.isEmpty()) {
            throw new IllegalStateException("there is no " + kind + " under " + data);
        }
        return files.get(files.size() - 1);
    }

    /** Flips one bit. */
    public static void flip(Path file, long offset, int bit) {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int was = open.read();
            open.seek(offset);
            open.write(was ^ (1 << bit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips one bit among the bytes that hold something, and returns the offset of its byte. */
    public static long flipAny(Path file, RandomGenerator random) {
        long offset = random.nextLong(usedBytes(file));
        flip(file, offset, random.nextInt(Byte.SIZE));
        return offset;
    }

    /** How long a file is without the zeros at its end. */
    public static long usedBytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Overwrites the last bytes that hold something with zeros, as a write that was cut short. */
    public static void tear(Path file, long bytes) {
        try {
            byte[] all = Files.readAllBytes(file);
            int end = (int) usedBytes(file);
            Arrays.fill(all, (int) Math.max(0, end - bytes), end, (byte) 0);
            Files.write(file, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the last bytes off. */
    public static void truncate(Path file, long bytes) {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(Math.max(0, open.length() - bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file vanish. */
    public static void remove(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
