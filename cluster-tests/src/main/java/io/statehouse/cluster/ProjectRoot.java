package io.statehouse.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the directory of this project from wherever a test was started in it. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The nearest directory upward that holds the Maven wrapper. */
    public static Path find() {
        var start = Path.of("").toAbsolutePath();
        for (@Nullable Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("no directory above " + start + " holds mvnw");
    }
}
