package io.statehouse.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where sessions lie as files: {@code sessions/ID.json}, {@code events/ID.jsonl} and {@code snapshots/ID.json}. */
record SessionFiles(Path directory) {
    private static final String SESSIONS = "sessions";
    private static final String EVENTS = "events";
    private static final String SNAPSHOTS = "snapshots";
    private static final String SUFFIX = ".json";

    static SessionFiles of(Path directory) {
        return new SessionFiles(directory);
    }

    static SessionFiles make(Path directory) throws IOException {
        for (String part : List.of(SESSIONS, EVENTS, SNAPSHOTS)) {
            Files.createDirectories(directory.resolve(part));
        }
        return of(directory);
    }

    Path session(String id) {
        return directory.resolve(SESSIONS).resolve(name(id) + SUFFIX);
    }

    Path events(String id) {
        return directory.resolve(EVENTS).resolve(name(id) + ".jsonl");
    }

    Path snapshot(String id) {
        return directory.resolve(SNAPSHOTS).resolve(name(id) + SUFFIX);
    }

    /** The sessions that are complete, in the order of their names. */
    List<Path> sessions() throws IOException {
        Path sessions = directory.resolve(SESSIONS);
        if (!Files.isDirectory(sessions)) {
            throw new NoSuchFileException(sessions.toString());
        }
        try (Stream<Path> files = Files.list(sessions)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /** An id may hold anything, a way out of the directory too; letters, digits and {@code -_.} stay as they are. */
    private static String name(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
    }
}
