package io.statehouse.raft;

import io.statehouse.statemachine.state.Applied;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a member's state on its disk, to be sent elsewhere piece by piece.
 *
 * <p>Its files are its own, so nothing that the member does meanwhile harms it. It keeps disk space until it is closed; what a
 * crash leaves is removed at the next start. For one thread at a time.
 */
public final class StateCopy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateCopy.class);

    private final Path directory;
    private final Applied holds;
    private final Iterator<Path> rest;
    private final List<FileSum> sums = new ArrayList<>();
    private @Nullable FileOnItsWay open;

    private StateCopy(Path directory, Applied holds, List<Path> files) {
        this.directory = directory;
        this.holds = holds;
        this.rest = files.iterator();
    }

    /** What a file was when all of it had been read: a plain name, never a path. */
    public record FileSum(String name, long bytes, String sha256) {}

    /** The next bytes of a file. The pieces of a file come one after another and in order; an empty file is a piece too. */
    public record Piece(String file, ByteBuffer bytes) {}

    /** Takes over a directory of plain files. */
    static StateCopy of(Path directory, Applied holds) throws IOException {
        try (var files = Files.list(directory)) {
            return new StateCopy(directory, holds, files.sorted().toList());
        }
    }

    private static final class FileOnItsWay {
        private final String name;
        private final InputStream in;
        private final MessageDigest sha256 = SnapshotSender.sha256();
        private long bytes;
        private boolean isBegun;

        private FileOnItsWay(Path path) throws IOException {
            this.name = path.getFileName().toString();
            this.in = Files.newInputStream(path);
        }
    }

    /** How far the state had come. */
    public Applied holds() {
        return holds;
    }

    /** How many bytes all files have, whatever has been read of them. */
    public long bytes() {
        try (var files = Files.list(directory)) {
            long bytes = 0;
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the next piece; null when there is none, and {@link #files} is complete. */
    public @Nullable Piece next(int bytesMax) throws IOException {
        while (open != null || rest.hasNext()) {
            FileOnItsWay file = open == null ? new FileOnItsWay(rest.next()) : open;
            open = file;
            byte[] piece = file.in.readNBytes(bytesMax);
            if (piece.length > 0 || !file.isBegun) {
                file.isBegun = true;
                file.bytes += piece.length;
                file.sha256.update(piece);
                return new Piece(file.name, ByteBuffer.wrap(piece));
            }
            file.in.close();
            sums.add(new FileSum(file.name, file.bytes, HexFormat.of().formatHex(file.sha256.digest())));
            open = null;
        }
        return null;
    }

    /** The files that have been read to their ends, in the order of their pieces. */
    public List<FileSum> files() {
        return List.copyOf(sums);
    }

    /** Gives the disk space back. */
    @Override
    public void close() {
        try {
            if (open != null) {
                open.in.close();
            }
            SnapshotDirectory.remove(directory);
        } catch (IOException e) {
            LOG.warn("a copy of the state is left until the next start path={}", directory, e);
        }
    }
}
