package io.statehouse.node.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proves that lines of an audit are as they were written and that none is missing between the first and the last.
 *
 * <p>What no chain can show is that the newest lines were cut off, or that all was written anew by somebody who could write
 * there: that takes a chain that was kept elsewhere, such as in the collected logs.
 */
public final class AuditProof {
    private final @Nullable String wanted;
    private boolean isWantedSeen;

    private AuditProof(@Nullable String wanted) {
        this.wanted = wanted;
    }

    /**
     * What was found.
     *
     * @param first number of the oldest line; above {@code last} there is none
     * @param last number of the newest line
     * @param chain that it ends with
     */
    public record Stream(String name, int files, long first, long last, String chain) {}

    /** An audit is not as it was written. */
    public static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;

        private BrokenException(String message) {
            super(message);
        }
    }

    /**
     * Proves a file, or all files of a directory.
     *
     * @param wanted a chain that must be in it; null = none
     * @throws BrokenException with the file and the line
     */
    public static List<Stream> run(Path path, @Nullable String wanted) throws BrokenException, IOException {
        var proof = new AuditProof(wanted);
        List<Stream> found = new ArrayList<>();
        if (Files.isDirectory(path)) {
            for (AuditStream stream : AuditStream.values()) {
                List<Path> files = AuditFiles.of(path, stream);
                if (!files.isEmpty()) {
                    found.add(proof.stream(stream.diskName(), files));
                }
            }
        } else {
            found.add(proof.stream(String.valueOf(path.getFileName()), List.of(path)));
        }
        if (found.isEmpty()) {
            throw new BrokenException(path + " holds no audit");
        }
        if (wanted != null && !proof.isWantedSeen) {
            throw new BrokenException("no line in " + path + " has the chain " + wanted
                    + ": lines were cut off, rotated away, or written anew");
        }
        return found;
    }

    private Stream stream(String name, List<Path> files) throws BrokenException, IOException {
        AuditChain.@Nullable Line last = null;
        long first = 0;
        for (Path file : files) {
            try (var reader = new AuditFiles.Reader(file)) {
                AuditChain.Line head = head(file, reader.next(), last);
                first = last == null ? head.number() + 1 : first;
                last = rest(file, reader, head);
            }
        }
        return last == null
                ? new Stream(name, 0, 1, 0, AuditChain.START)
                : new Stream(name, files.size(), first, last.number(), last.chain());
    }

    private AuditChain.Line head(Path file, @Nullable String line, AuditChain.@Nullable Line before)
            throws BrokenException {
        AuditChain.Line head = line == null ? null : AuditChain.parse(line);
        String stated = head == null ? null : head.before();
        if (head == null || stated == null) {
            throw broken(file, 1, "is no head of an audit");
        }
        if (!head.isBoundTo(stated) || (head.number() == 0 && !stated.equals(AuditChain.START))) {
            throw broken(file, 1, "was changed");
        }
        isWantedSeen |= head.chain().equals(wanted);
        if (before != null && (head.number() != before.number() || !stated.equals(before.chain()))) {
            throw broken(
                    file,
                    1,
                    "goes on after line number " + head.number() + ", but the file before ends with number "
                            + before.number() + " or another chain: something between them is missing or was changed");
        }
        return head;
    }

    private AuditChain.Line rest(Path file, AuditFiles.Reader reader, AuditChain.Line head)
            throws BrokenException, IOException {
        AuditChain.Line last = head;
        long place = 1;
        for (String text = reader.next(); text != null; text = reader.next()) {
            place++;
            AuditChain.Line line = AuditChain.parse(text);
            if (line == null || line.before() != null) {
                throw broken(file, place, "is none of an audit: it was changed");
            }
            if (line.number() != last.number() + 1) {
                throw broken(
                        file,
                        place,
                        "has the number " + line.number() + " and " + (last.number() + 1)
                                + " was to come: lines are missing, or it was changed");
            }
            if (!line.isBoundTo(last.chain())) {
                throw broken(file, place, "is not bound to the line before: one of the two was changed");
            }
            isWantedSeen |= line.chain().equals(wanted);
            last = line;
        }
        if (reader.isCut()) {
            throw broken(
                    file,
                    place + 1,
                    "lacks its end: it is being written just now, was cut short by a crash, which the node's next start mends,"
                            + " or was changed");
        }
        return last;
    }

    private static BrokenException broken(Path file, long line, String what) {
        return new BrokenException(file + " line " + line + " " + what);
    }
}
