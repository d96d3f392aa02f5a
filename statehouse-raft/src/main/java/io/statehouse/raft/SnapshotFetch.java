package io.statehouse.raft;

import io.statehouse.raft.SnapshotManifest.SnapshotFile;
import io.statehouse.raft.disk.DiskGuard;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.storage.RocksStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes the frames of a snapshot into a staging directory and proves that all of it arrived as it was sent. */
final class SnapshotFetch {
    /** A snapshot that fills the disk would end the process; one that is given up is asked for again. */
    static final long FREE_BYTES_MIN = 2 * DiskGuard.FREE_BYTES_MIN;

    private final Path staging;
    private final LongSupplier freeBytes;
    private final List<SnapshotFile> written = new ArrayList<>();
    private @Nullable FileInArrival open;

    SnapshotFetch(Path staging) {
        this(staging, () -> staging.toFile().getUsableSpace());
    }

    /** @param freeBytes what the disk has left */
    SnapshotFetch(Path staging, LongSupplier freeBytes) {
        this.staging = staging;
        this.freeBytes = freeBytes;
    }

    private static final class FileInArrival {
        private final String name;
        private final FileChannel out;
        private final MessageDigest sha256 = SnapshotSender.sha256();
        private long bytes;

        private FileInArrival(String name, FileChannel out) {
            this.name = name;
            this.out = out;
        }

        private void write(ByteBuffer piece) throws IOException {
            bytes += piece.remaining();
            sha256.update(piece.duplicate());
            for (var rest = piece.duplicate(); rest.hasRemaining(); ) {
                out.write(rest);
            }
        }

        private SnapshotFile finish() throws IOException {
            out.close();
            return new SnapshotFile(name, bytes, HexFormat.of().formatHex(sha256.digest()));
        }
    }

    /** Everything on the disk, forced, and equal to what the manifest says; or an exception. */
    void receive(Iterator<byte[]> frames) throws IOException {
        try {
            while (frames.hasNext()) {
                switch (SnapshotFrame.decode(frames.next())) {
                    case SnapshotFrame.Piece piece -> write(piece);
                    case SnapshotFrame.End end -> {
                        finishFile();
                        requireComplete(end.manifest(), frames);
                        return;
                    }
                }
            }
            throw new IOException("the snapshot ended without its manifest");
        } finally {
            if (open != null) {
                open.out.close();
            }
        }
    }

    private void write(SnapshotFrame.Piece piece) throws IOException {
        if (open == null || !open.name.equals(piece.file())) {
            finishFile();
            requireRoom();
            // CREATE_NEW: a second file of one name, or pieces out of order, are refused.
            open = new FileInArrival(
                    piece.file(),
                    FileChannel.open(
                            staging.resolve(piece.file()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }
        open.write(piece.bytes());
    }

    private void requireRoom() throws IOException {
        long free = freeBytes.getAsLong();
        if (free < FREE_BYTES_MIN) {
            throw new IOException("there is no room for the snapshot: " + free + " bytes are free, and "
                    + FREE_BYTES_MIN + " must be left; free space on the disk");
        }
    }

    private void finishFile() throws IOException {
        if (open != null) {
            written.add(open.finish());
            open = null;
        }
    }

    private void requireComplete(SnapshotManifest manifest, Iterator<byte[]> frames) throws IOException {
        if (frames.hasNext()) {
            throw new IOException("the snapshot goes on behind its manifest");
        }
        if (!manifest.files().equals(written)) {
            throw new IOException("the files of the snapshot are not the "
                    + manifest.files().size() + " that its manifest names, or differ from them");
        }
    }

    /** Reads all of the copy, learns from itself where in the log it is, and forces it to the disk. */
    static LogPosition prove(SnapshotDirectory directory, Path staging) throws IOException {
        RocksStore.verify(staging);
        LogPosition position = directory.positionOf(staging);
        SnapshotDirectory.forceAll(staging);
        return position;
    }
}
