package io.statehouse.cluster.check.history;

import io.statehouse.cluster.check.history.HistoryLine.Called;
import io.statehouse.cluster.check.history.HistoryLine.Mark;
import io.statehouse.cluster.check.history.HistoryLine.ReplayEnded;
import io.statehouse.cluster.check.history.HistoryLine.Replayed;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.HistoryLine.Returned;
import io.statehouse.cluster.check.history.HistoryLine.Setting;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history files of a directory as one history.
 *
 * <p>The last line of a file may be torn, for a killed harness writes until it dies; it is left out. Any other line that
 * cannot be read is an error: a history with a hole proves nothing.
 */
public final class HistoryReader {
    /** What names a file of a history. */
    public static final String SUFFIX = ".history.jsonl";

    /** No line is longer; a scan of a whole store must be cut by the one who asks for it. */
    private static final int LINE_BYTES_MAX = 256 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Map<Long, Called> called = new LinkedHashMap<>();
    private final Map<Long, Returned> returned = new HashMap<>();
    private final Map<Long, List<ReplayedCommit>> replayed = new LinkedHashMap<>();
    private final List<Replay> replays = new ArrayList<>();
    private final List<ReplicaSeen> replicas = new ArrayList<>();
    private final Map<Long, WatchOpened> watches = new LinkedHashMap<>();
    private final Map<Long, List<HistoryLine>> messages = new HashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private HistoryReader() {}

    /** Reads one file, or all of a directory whose names end in {@link #SUFFIX}. */
    public static History read(Path path) throws IOException {
        HistoryReader reader = new HistoryReader();
        for (Path file : filesOf(path)) {
            reader.readFile(file);
        }
        return reader.history();
    }

    private static List<Path> filesOf(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new HistoryFormatException("no file named *" + SUFFIX + " in " + path);
            }
            return found;
        }
    }

    private void readFile(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            long number = 0;
            for (byte[] line = nextLine(in); line != null; line = nextLine(in)) {
                number++;
                try {
                    accept(LineCodec.decode(line));
                } catch (HistoryFormatException e) {
                    throw new HistoryFormatException(file + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** The next line that has an end; null when there is none. */
    private static byte @Nullable [] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toByteArray();
            }
            if (line.size() >= LINE_BYTES_MAX) {
                throw new HistoryFormatException("a line of more than " + LINE_BYTES_MAX + " bytes");
            }
            line.write(next);
        }
        return null;
    }

    private void accept(HistoryLine line) {
        switch (line) {
            case Called call -> refuseTwice(called.put(call.id(), call), "call", call.id());
            case Returned end -> {
                if (!called.containsKey(end.id())) {
                    throw new HistoryFormatException("call " + end.id() + " returns and was never made");
                }
                refuseTwice(returned.put(end.id(), end), "return", end.id());
            }
            case Replayed event ->
                replayed.computeIfAbsent(event.replay(), replay -> new ArrayList<>())
                        .add(event.commit());
            case ReplayEnded end -> accept(end);
            case ReplicaSeen seen -> replicas.add(seen);
            case WatchOpened opened -> {
                refuseTwice(watches.put(opened.stream(), opened), "watch", opened.stream());
                messages.put(opened.stream(), new ArrayList<>());
            }
            case WatchDelivered delivered -> messagesOf(delivered.stream()).add(delivered);
            case WatchProgressed progressed -> messagesOf(progressed.stream()).add(progressed);
            case WatchEnded ended -> messagesOf(ended.stream()).add(ended);
            case Setting setting -> settings.put(setting.name(), setting.value());
            case Mark mark -> marks.add(mark);
        }
    }

    private void accept(ReplayEnded end) {
        List<ReplayedCommit> commits = replayed.remove(end.replay());
        replays.add(new Replay(end.node(), end.nanos(), end.lastTs(), commits == null ? List.of() : commits));
    }

    private List<HistoryLine> messagesOf(long stream) {
        List<HistoryLine> known = messages.get(stream);
        if (known == null) {
            throw new HistoryFormatException("watch " + stream + " speaks and was never opened");
        }
        return known;
    }

    private static void refuseTwice(@Nullable Object before, String what, long id) {
        if (before != null) {
            throw new HistoryFormatException(what + " " + id + " twice");
        }
    }

    private History history() {
        List<Call> calls = called.values().stream().map(this::call).toList();
        List<WatchStream> streams = watches.values().stream()
                .map(opened -> new WatchStream(opened, messagesOf(opened.stream())))
                .toList();
        return new History(calls, replays, replicas, streams, marks, settings);
    }

    private Call call(Called begun) {
        Returned end = returned.get(begun.id());
        if (end == null) {
            return call(begun, Call.NEVER, Outcome.UNKNOWN, null);
        }
        // The effect of a call that was given up may come long after.
        long last = end.outcome() == Outcome.UNKNOWN ? Call.NEVER : end.nanos();
        return call(begun, last, end.outcome(), end);
    }

    private static Call call(Called begun, long last, Outcome outcome, @Nullable Returned end) {
        return new Call(
                begun.id(),
                begun.process(),
                begun.load(),
                begun.nanos(),
                last,
                end == null ? Call.NEVER : end.nanos(),
                outcome,
                end == null ? "" : end.endpoint().node(),
                begun.request(),
                end == null ? null : end.response());
    }
}
