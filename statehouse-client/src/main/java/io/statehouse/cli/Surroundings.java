package io.statehouse.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a command has around it: the process's variables and streams, or those a test gives it. */
record Surroundings(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Those of this process. Always UTF-8, whatever the locale says: the data is. */
    static Surroundings ofProcess() {
        return new Surroundings(System.getenv(), System.in, stream(FileDescriptor.out), stream(FileDescriptor.err));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        var buffered = new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES);
        return new PrintStream(buffered, false, StandardCharsets.UTF_8);
    }
}
