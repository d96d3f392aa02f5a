package io.statehouse.node.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The operator's own reducers of event sessions.
 *
 * @param jars that hold them, in the order of their names
 * @param timeMax how long one call may run them
 * @param snapshotEvents what a session came to is kept after each so many events; 0 = never
 */
public record NodeReducers(List<Path> jars, Duration timeMax, int snapshotEvents) {
    private static final int JARS_MAX = 16;
    private static final long TIME_MAX_MILLIS = 600_000;
    private static final int SNAPSHOT_EVENTS_MAX = 1_000_000;

    public NodeReducers {
        jars = List.copyOf(jars);
    }

    static NodeReducers from(Settings settings) {
        String directory = settings.text(Setting.AGENT_REDUCERS_DIR);
        return new NodeReducers(
                directory.isEmpty() ? List.of() : jars(settings.name(Setting.AGENT_REDUCERS_DIR), Path.of(directory)),
                Duration.ofMillis(settings.number(Setting.AGENT_REDUCER_TIME_MAX_MS, 1, TIME_MAX_MILLIS)),
                (int) settings.number(Setting.AGENT_SNAPSHOT_EVENTS, 0, SNAPSHOT_EVENTS_MAX));
    }

    private static List<Path> jars(String setting, Path directory) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new ConfigException(setting + " is no directory that can be read: " + e);
        }
        if (jars.size() > JARS_MAX) {
            throw new ConfigException(setting + " holds " + jars.size() + " jars; at most " + JARS_MAX);
        }
        Collections.sort(jars);
        return jars;
    }
}
