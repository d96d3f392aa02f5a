package io.statehouse.raft.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the Raft log, as its name describes it: {@code log_0-99} is closed, {@code log_inprogress_100} is open.
 *
 * @param last index of its last entry; null while it is open
 */
record SegmentFile(Path path, long first, @Nullable Long last) {
    // The same patterns as Ratis's: what it would load is what must be proved.
    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
    private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)(?:\\..*)?");

    boolean isOpen() {
        return last == null;
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /** All segments of a directory in log order; a closed one before an open one that begins at the same entry. */
    static List<SegmentFile> list(Path directory) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path path : (Iterable<Path>) files::iterator) {
                SegmentFile segment = of(path);
                if (segment != null) {
                    segments.add(segment);
                }
            }
        }
        segments.sort(Comparator.comparingLong(SegmentFile::first).thenComparing(SegmentFile::isOpen));
        return segments;
    }

    private static @Nullable SegmentFile of(Path path) {
        String name = String.valueOf(path.getFileName());
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return new SegmentFile(path, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2)));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches() ? new SegmentFile(path, Long.parseLong(open.group(1)), null) : null;
    }
}
