package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.SealedLines.Line;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the log without reading it, so that a log which lost its end cannot pass for a shorter one.
 *
 * @param committed the log once held this entry, and it was committed: it is in the log or in the state
 * @param installed the state holds everything up to here by other means than this log, which may end before it
 * @param cutFrom entries from this index on may have been taken back by a new leader, perhaps only half way
 * @param stop what the log was when the node last stopped in order; null as soon as it runs again
 */
record LogMarks(
        LogPosition committed,
        LogPosition installed,
        long cutFrom,
        @Nullable CleanStop stop) {
    static final LogMarks NONE = new LogMarks(LogPosition.NONE, LogPosition.NONE, Long.MAX_VALUE, null);

    private static final String KIND = "statehouse-marks";
    private static final int FORMAT = 1;
    private static final String COMMITTED = "committed";
    private static final String INSTALLED = "installed";
    private static final String CUT = "cut";
    private static final String STOP = "stop";
    private static final int STOP_WORDS = 5;

    /** The last entry, and the file it is in to the byte. */
    record CleanStop(LogPosition end, String segment, long bytes, String crc) {}

    /** Raised only: committed entries are never taken back. */
    LogMarks withCommitted(LogPosition position) {
        return position.index() <= committed.index() ? this : new LogMarks(position, installed, cutFrom, stop);
    }

    LogMarks withInstalled(LogPosition position) {
        return position.index() <= installed.index() ? this : new LogMarks(committed, position, cutFrom, stop);
    }

    LogMarks withCut(long index) {
        return index >= cutFrom ? this : new LogMarks(committed, installed, index, stop);
    }

    LogMarks withStop(CleanStop at) {
        return new LogMarks(committed, installed, cutFrom, at);
    }

    /** The log is proved and begins to change. */
    LogMarks running() {
        return new LogMarks(committed, installed, Long.MAX_VALUE, null);
    }

    void write(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(COMMITTED, committed.term(), committed.index()));
        lines.add(Line.of(INSTALLED, installed.term(), installed.index()));
        lines.add(Line.of(CUT, cutFrom));
        if (stop != null) {
            lines.add(Line.of(STOP, stop.end().term(), stop.end().index(), stop.segment(), stop.bytes(), stop.crc()));
        }
        DurableFile.replace(file, new SealedLines(KIND, FORMAT, lines).toBytes());
    }

    static LogMarks read(Path file) {
        try {
            SealedLines sealed = SealedLines.parse(Files.readAllBytes(file), KIND, FORMAT);
            return new LogMarks(
                    position(words(sealed, COMMITTED, 2)),
                    position(words(sealed, INSTALLED, 2)),
                    Long.parseLong(sealed.word(CUT)),
                    sealed.find(STOP) == null ? null : stop(words(sealed, STOP, STOP_WORDS)));
        } catch (UnreadableException | IOException | NumberFormatException e) {
            throw new StartRefusedException(
                    ExitCode.METADATA_DAMAGED,
                    file + " cannot be read: " + e.getMessage()
                            + ". It says how far the log must reach; without it a log that lost its end would pass. "
                            + Repair.REPLACE,
                    e);
        }
    }

    private static List<String> words(SealedLines sealed, String name, int count) throws UnreadableException {
        List<String> words = sealed.find(name);
        if (words == null || words.size() != count) {
            throw new UnreadableException("it does not say " + name, false);
        }
        return words;
    }

    private static LogPosition position(List<String> words) {
        return new LogPosition(Long.parseLong(words.get(0)), Long.parseLong(words.get(1)));
    }

    private static CleanStop stop(List<String> words) {
        return new CleanStop(position(words), words.get(2), Long.parseLong(words.get(3)), words.get(4));
    }
}
