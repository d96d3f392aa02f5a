package io.statehouse.node.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of the audit, appended to its newest file.
 *
 * <p>A line is with the system when {@link #append} returns, so that the end of the process does not lose it; {@link #force} is for
 * the end of the machine. A last line that such an end cut short was never answered for, and is taken off at the next start.
 *
 * <p>A file whose end is not known any more, because the disk failed in the middle of a line or did not keep one, is not written to
 * again: what came next would be bound to a line that may not be there.
 */
public final class AuditFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final String OWNER_ONLY = "rwx------";
    private static final String APPEND = "rw";
    private static final int TEXT_CHARACTERS_MAX = AuditFiles.LINE_BYTES_MAX / 2;

    private final AuditPlace place;
    private final AuditStream stream;
    private final InstantSource clock;

    /**
     * All guarded by this: the line to come is bound to the last one. No channel, which would be closed for good when a thread
     * that writes to it is interrupted.
     */
    private RandomAccessFile file;

    private long bytes;
    private long number;

    /** Number of the line that the file was begun for. */
    private long first;

    private String chain;
    private boolean isLost;

    private AuditFile(AuditPlace place, AuditStream stream, InstantSource clock, @Nullable End end) throws IOException {
        this.place = place;
        this.stream = stream;
        this.clock = clock;
        this.number = end == null ? 0 : end.last.number();
        this.chain = end == null ? AuditChain.START : end.last.chain();
        if (end == null) {
            this.file = begin();
        } else {
            this.file = new RandomAccessFile(end.file.toFile(), APPEND);
            this.bytes = end.bytes;
            this.first = end.first;
            cutAt(bytes);
        }
    }

    /**
     * Where a file goes on.
     *
     * @param first number of the line that it was begun for
     * @param bytes of its whole lines
     */
    private record End(Path file, long first, AuditChain.Line last, long bytes) {}

    /**
     * Goes on where the stream ended.
     *
     * @throws IOException when the disk does not let it, or the newest file ends with something that is none of an audit
     */
    public static AuditFile open(AuditPlace place, AuditStream stream, InstantSource clock) throws IOException {
        if (!Files.isDirectory(place.directory())) {
            Files.createDirectory(
                    place.directory(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        }
        for (Path file : AuditFiles.of(place.directory(), stream).reversed()) {
            End end = end(file);
            if (end != null) {
                return new AuditFile(place, stream, clock, end);
            }
            LOG.warn("the audit's file {} has no whole line and is begun anew", file);
            Files.delete(file);
        }
        return new AuditFile(place, stream, clock, null);
    }

    /** Null when a file has no whole line: it was being begun. */
    private static @Nullable End end(Path file) throws IOException {
        try (var reader = new AuditFiles.Reader(file)) {
            String head = reader.next();
            String last = head;
            for (String line = head; line != null; line = reader.next()) {
                last = line;
            }
            if (reader.isCut()) {
                LOG.warn("the last line of the audit's file {} was cut short and is taken off", file);
            }
            if (head == null || last == null) {
                return null;
            }
            AuditChain.Line begun = AuditChain.parse(head);
            AuditChain.Line ended = AuditChain.parse(last);
            if (begun == null || ended == null) {
                throw new IOException("the first or the last line of " + file
                        + " is none of an audit, so nothing can be bound to it; look at it"
                        + " with statehoused verify-audit, move the directory away and start again");
            }
            return new End(file, begun.number() + 1, ended, reader.wholeBytes());
        }
    }

    /**
     * Writes a line down, and returns its number and chain.
     *
     * @throws UncheckedIOException when the disk does not take it; what it is about must not happen then
     */
    public synchronized String append(String text) {
        String numbered = printable((number + 1) + " " + clock.instant() + " " + text);
        String line = AuditChain.bound(chain, numbered);
        try {
            requireKnownEnd();
            // However small the files are to be, each has a line.
            if (number >= first && bytes + line.length() + 1 > place.fileBytesMax()) {
                rotate();
                line = AuditChain.bound(chain, numbered);
            }
            write(line);
        } catch (IOException e) {
            throw failed("write", e);
        }
        bytes += line.length() + 1;
        number++;
        chain = chainOf(line);
        return "line=" + number + " chain=" + chain;
    }

    /**
     * Returns when what was appended would survive the end of the machine.
     *
     * @throws UncheckedIOException when the disk does not keep it, now or for an earlier line
     */
    public synchronized void force() {
        try {
            requireKnownEnd();
            force(file);
        } catch (IOException e) {
            throw failed("force", e);
        }
    }

    private void requireKnownEnd() throws IOException {
        if (isLost) {
            throw new IOException("the disk has failed before; repair it and start the node again");
        }
    }

    /** A system that could not keep a page forgets that it had it, so a second try would succeed and mean nothing. */
    private void force(RandomAccessFile which) throws IOException {
        try {
            which.getFD().sync();
        } catch (IOException e) {
            isLost = true;
            throw e;
        }
    }

    private UncheckedIOException failed(String what, IOException failure) {
        return new UncheckedIOException("cannot " + what + " the audit in " + place.directory(), failure);
    }

    private void rotate() throws IOException {
        force(file);
        RandomAccessFile full = file;
        file = begin();
        full.close();
        List<Path> files = AuditFiles.of(place.directory(), stream);
        for (Path oldest : files.subList(0, Math.max(0, files.size() - place.filesMax()))) {
            Files.delete(oldest);
        }
    }

    /** A new file with its head. */
    private RandomAccessFile begin() throws IOException {
        String head = AuditChain.head(place.node(), stream, number, chain);
        RandomAccessFile next =
                new RandomAccessFile(place.file(stream, number + 1).toFile(), APPEND);
        try (FileChannel directory = FileChannel.open(place.directory(), StandardOpenOption.READ)) {
            // What an earlier try left.
            next.setLength(0);
            next.write(bytesOf(head));
            next.getFD().sync();
            directory.force(true);
        } catch (IOException e) {
            next.close();
            throw e;
        }
        bytes = head.length() + 1L;
        first = number + 1;
        chain = chainOf(head);
        return next;
    }

    /** All of it or nothing. */
    private void write(String line) throws IOException {
        try {
            file.write(bytesOf(line));
        } catch (IOException e) {
            isLost = true;
            cutAt(bytes);
            isLost = false;
            throw e;
        }
    }

    private void cutAt(long end) throws IOException {
        file.setLength(end);
        file.seek(end);
    }

    private static byte[] bytesOf(String line) {
        return (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String chainOf(String line) {
        return line.substring(line.length() - AuditChain.START.length());
    }

    private static String printable(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= TEXT_CHARACTERS_MAX ? line : line.substring(0, TEXT_CHARACTERS_MAX);
    }

    /** What was appended is forced to the disk; nothing is appended afterwards. */
    @Override
    public synchronized void close() {
        try (RandomAccessFile open = file) {
            open.getFD().sync();
        } catch (IOException e) {
            throw failed("force", e);
        }
    }
}
