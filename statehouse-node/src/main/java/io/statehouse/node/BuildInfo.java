package io.statehouse.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is; fixed when the jar was made. */
public record BuildInfo(String version, String gitSha) {
    private static final String RESOURCE = "build.properties";

    /** Reads what the build left in the jar. */
    public static BuildInfo read() {
        Properties properties = new Properties();
        try (InputStream stream = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("this jar has no " + RESOURCE);
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(properties.getProperty("version"), properties.getProperty("git.sha"));
    }
}
