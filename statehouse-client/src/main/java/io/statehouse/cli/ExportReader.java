package io.statehouse.cli;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Goes along the lines of an export and checks that they are a whole one: the header first, commits in order, the end. */
final class ExportReader {
    private final BoundedLines lines;
    private final ExportLines count = new ExportLines();
    private final ExportedLine.Header header;
    private long commits;
    private long lastCommitTs;

    private ExportReader(BoundedLines lines, ExportedLine.Header header, String line) {
        this.lines = lines;
        this.header = header;
        count.counted(line);
    }

    static ExportReader open(InputStream in) throws IOException {
        return open(in, BoundedLines.LINE_BYTES_MAX);
    }

    static ExportReader open(InputStream in, int lineBytesMax) throws IOException {
        var lines = new BoundedLines(in, lineBytesMax);
        String first = lines.next();
        if (first == null) {
            throw new Complaint("there is nothing to import");
        }
        if (parse(lines, first) instanceof ExportedLine.Header header) {
            return new ExportReader(lines, header, first);
        }
        throw lines.complaint("is no header of an export; to import a dump, name the agent before it");
    }

    ExportedLine.Header header() {
        return header;
    }

    /** The number of the last line. */
    long line() {
        return lines.number();
    }

    /** The next commit; null at the end of an export that is whole. */
    ExportedLine.@Nullable Committed next() throws IOException {
        String line = lines.next();
        if (line == null) {
            throw new Complaint("the export is cut off: it ends at line " + lines.number() + ", without its last one");
        }
        ExportedLine parsed = parse(lines, line);
        if (parsed instanceof ExportedLine.Header) {
            throw lines.complaint("is a second header");
        }
        if (parsed instanceof ExportedLine.End end) {
            requireWhole(end);
            return null;
        }
        return commit((ExportedLine.Committed) parsed, line);
    }

    private ExportedLine.Committed commit(ExportedLine.Committed committed, String line) {
        if (committed.commitTs() <= lastCommitTs) {
            throw lines.complaint("has commit_ts " + committed.commitTs() + " behind " + lastCommitTs);
        }
        lastCommitTs = committed.commitTs();
        commits++;
        count.counted(line);
        return committed;
    }

    private void requireWhole(ExportedLine.End end) throws IOException {
        if (end.commits() != commits) {
            throw lines.complaint("says that there are " + end.commits() + " commits, and there are " + commits);
        }
        if (!end.sha256().equals(count.sum())) {
            throw lines.complaint("has another SHA-256 than the lines before it: one of them was changed");
        }
        if (lines.next() != null) {
            throw lines.complaint("stands behind the end of the export");
        }
    }

    private static ExportedLine parse(BoundedLines lines, String line) {
        try {
            return ExportedLine.parse(line);
        } catch (Complaint e) {
            throw lines.complaint(String.valueOf(e.getMessage()));
        }
    }
}
