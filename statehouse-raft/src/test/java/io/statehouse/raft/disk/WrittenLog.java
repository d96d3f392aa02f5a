package io.statehouse.raft.disk;

import io.statehouse.raft.StartRefusedException;
import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segment files of a log that a real Ratis wrote, to be broken and put right again. */
final class WrittenLog {
    private final Path directory;

    WrittenLog(Path directory) {
        this.directory = directory;
    }

    /** A copy of the segment files of a data directory. */
    static WrittenLog copyOf(Path data, Path to) throws IOException {
        Files.createDirectories(to);
        for (SegmentFile segment : SegmentFile.list(RatisMember.current(data))) {
            Files.copy(segment.path(), to.resolve(segment.name()));
        }
        return new WrittenLog(to);
    }

    List<SegmentFile> segments() {
        try {
            return SegmentFile.list(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SegmentFile lastSegment() {
        return segments().get(segments().size() - 1);
    }

    byte[] read(SegmentFile segment) {
        try {
            return Files.readAllBytes(segment.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In place: a file emptied first would be written to the disk itself each time it is closed. */
    void write(SegmentFile segment, byte[] bytes) {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.truncate(bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All records of a sound segment. */
    List<LogRecord> records(SegmentFile segment) {
        byte[] file = read(segment);
        List<LogRecord> records = new ArrayList<>();
        int offset = SegmentScan.HEADER.length;
        LogRecord record = LogRecord.intactAt(file, offset);
        while (record != null) {
            records.add(record);
            record = LogRecord.intactAt(file, record.end());
        }
        return records;
    }

    LogRecord lastRecord() {
        List<LogRecord> records = records(lastSegment());
        return records.get(records.size() - 1);
    }

    LogPosition end() {
        return lastRecord().position();
    }

    /** Null when the log was accepted, perhaps after a cut; else the refusal. */
    @Nullable
    StartRefusedException prove(LogMarks marks, LogPosition durable) {
        try {
            var unused = new LogTailCheck(directory, marks, durable).prove();
            return null;
        } catch (StartRefusedException e) {
            return e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nullable
    StartRefusedException prove() {
        return prove(LogMarks.NONE, LogPosition.NONE);
    }
}
