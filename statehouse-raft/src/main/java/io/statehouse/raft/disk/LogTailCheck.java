package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.LogMarks.CleanStop;
import io.statehouse.raft.disk.SegmentScan.Problem;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole Raft log before Ratis does, and lets it start only on a log that holds everything it was ever
 * trusted with.
 *
 * <p>Left alone, Ratis refuses a torn last record, which is harmless, and under some single-bit flips starts without
 * entries it has acknowledged, which is not. Here a record that a crash cut short is taken away, if the log reaches what
 * the marks and the state know of without it. Everything else is a sentence for the operator.
 */
final class LogTailCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogTailCheck.class);

    private final Path directory;
    private final LogMarks marks;
    private final LogPosition durable;
    private LogPosition last = LogPosition.NONE;
    private long firstIndex;
    private boolean hasSegments;

    /**
     * @param directory with the segment files
     * @param durable what the state holds for certain
     */
    LogTailCheck(Path directory, LogMarks marks, LogPosition durable) {
        this.directory = directory;
        this.marks = marks;
        this.durable = durable;
    }

    /**
     * Makes the log whole. Nothing is changed when it throws.
     *
     * @return the marks to go on with
     */
    LogMarks prove() throws IOException {
        List<SegmentFile> segments = SegmentFile.list(directory);
        SegmentScan scan = null;
        for (int i = 0; i < segments.size(); i++) {
            SegmentFile segment = segments.get(i);
            requireAdjacent(segment);
            scan = SegmentScan.of(segment, last, this::requireKnownTerm);
            last = scan.last();
            requireSound(scan, i == segments.size() - 1);
        }
        requireReach();
        requireAsStopped(scan);
        if (scan != null) {
            putRight(scan);
        }
        LogMarks next = marks.withCommitted(durable).running();
        // Ratis deletes a file without entries, and with it the only sign that the log was purged up to here.
        return hasSegments && last.index() < firstIndex ? next.withInstalled(last) : next;
    }

    /** The last entry, once the log is proven. */
    LogPosition last() {
        return last;
    }

    private void requireAdjacent(SegmentFile segment) {
        if (!hasSegments) {
            hasSegments = true;
            firstIndex = segment.first();
            if (firstIndex > durable.index() + 1) {
                throw refused(segment.name() + " is the first file of the log, but the state holds entries only up to "
                        + durable.index() + ", so those in between are lost");
            }
        } else if (segment.first() != last.index() + 1) {
            throw refused("the log ends at entry " + last.index() + " before " + segment.name()
                    + "; a file is missing or was added");
        }
    }

    private void requireKnownTerm(LogPosition entry) {
        requireSameTerm(entry, durable, "the state");
        requireSameTerm(entry, marks.committed(), "the marks");
    }

    private void requireSameTerm(LogPosition entry, LogPosition known, String by) {
        if (entry.index() == known.index() && entry.term() != known.term()) {
            throw refused("entry " + entry.index() + " has term " + entry.term() + " in the log and " + known.term()
                    + " in " + by + "; they are not of the same node");
        }
    }

    private void requireSound(SegmentScan scan, boolean isLast) {
        Problem problem = scan.problem();
        if (problem != null && !(problem.isTorn() && isLast && scan.segment().isOpen())) {
            throw refused(describe(scan, problem));
        }
        Long named = scan.segment().last();
        if (named != null && scan.last().index() != named && !(isLast && isCutHalfWay(scan, named))) {
            throw refused(
                    scan.segment().name() + " ends with entry " + scan.last().index());
        }
        if (scan.segment().isOpen() && !isLast) {
            throw refused(scan.segment().name() + " is open, but is not the last file of the log");
        }
    }

    /** Ratis takes entries back by shortening the file first and renaming it then. */
    private boolean isCutHalfWay(SegmentScan scan, long named) {
        return scan.last().index() < named
                && scan.last().index() >= marks.cutFrom() - 1
                && scan.intactBytes() == scan.fileBytes();
    }

    private static String describe(SegmentScan scan, Problem problem) {
        String damage = problem.damage();
        return "entry " + problem.index() + " in " + scan.segment().name() + " at offset " + problem.offset() + ": "
                + (damage == null ? "it is cut short in a closed file" : damage);
    }

    /** What is known to have been in the log is in it, or in the state and brought there by a snapshot. */
    private void requireReach() {
        if (Math.max(last.index(), durable.index()) < marks.committed().index()) {
            throw refused("the log ends at entry " + last.index() + ", but held "
                    + marks.committed().index() + ", which was committed");
        }
        if (last.index() < durable.index()
                && durable.index() > marks.installed().index()) {
            throw refused("the log ends at entry " + last.index() + ", but the state has applied " + durable.index());
        }
    }

    /** After an orderly stop the log is exactly what it was then. */
    private void requireAsStopped(@Nullable SegmentScan scan) {
        CleanStop stop = marks.stop();
        if (stop == null) {
            return;
        }
        LogPosition end = stop.end();
        if (last.index() != end.index() || (end.term() > 0 && last.term() != end.term())) {
            throw refused("the log ends at entry " + last.index() + " of term " + last.term()
                    + ", but ended in order at entry " + end.index() + " of term " + end.term());
        }
        if (scan != null && (scan.fileBytes() != stop.bytes() || !scan.crc().equals(stop.crc()))) {
            throw refused(scan.segment().name() + " has " + scan.fileBytes() + " bytes with checksum " + scan.crc()
                    + ", but had " + stop.bytes() + " with " + stop.crc() + " when this node stopped in order");
        }
    }

    private void putRight(SegmentScan scan) throws IOException {
        Problem problem = scan.problem();
        if (problem != null) {
            LOG.warn(
                    "cut off a record that a crash left incomplete; it was never acknowledged"
                            + " file={} offset={} bytes={} index={} last_index={} committed={} applied={}",
                    scan.segment().name(),
                    problem.offset(),
                    scan.fileBytes() - scan.intactBytes(),
                    problem.index(),
                    last.index(),
                    marks.committed().index(),
                    durable.index());
            cut(scan.segment().path(), scan.intactBytes());
        }
        Long named = scan.segment().last();
        if (named != null && scan.last().index() < named) {
            finishCut(scan);
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
            channel.force(true);
        }
    }

    private void finishCut(SegmentScan scan) throws IOException {
        SegmentFile segment = scan.segment();
        LOG.warn(
                "finished taking back entries that a new leader replaced; a crash had interrupted it file={} last_index={}",
                segment.name(),
                last.index());
        if (last.index() < segment.first()) {
            DurableFile.delete(segment.path());
        } else {
            Files.move(segment.path(), segment.path().resolveSibling("log_" + segment.first() + "-" + last.index()));
            DurableFile.forceDirectory(directory);
        }
    }

    /** What the log is at an orderly stop; null when it has no file. */
    static @Nullable CleanStop stopOf(Path directory) throws IOException {
        List<SegmentFile> segments = SegmentFile.list(directory);
        if (segments.isEmpty()) {
            return null;
        }
        SegmentFile segment = segments.get(segments.size() - 1);
        SegmentScan scan = SegmentScan.of(segment, LogPosition.NONE, entry -> {});
        if (scan.problem() != null) {
            throw new IOException("the log was damaged while this node ran: " + describe(scan, scan.problem()));
        }
        return new CleanStop(scan.last(), segment.name(), scan.fileBytes(), scan.crc());
    }

    private static StartRefusedException refused(String facts) {
        return new StartRefusedException(
                ExitCode.LOG_DAMAGED, "the Raft log of this node cannot be trusted: " + facts + ". " + Repair.REPLACE);
    }
}
