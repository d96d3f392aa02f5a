package io.statehouse.node.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds and reads the files of an audit. */
final class AuditFiles {
    /** No line of the audit is longer, its end included. */
    static final int LINE_BYTES_MAX = 16 << 10;

    /** No chain ends so. */
    private static final String TOO_LONG = "...";

    private AuditFiles() {}

    /** The files of a stream, the oldest first. */
    static List<Path> of(Path directory, AuditStream stream) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(stream.diskName() + "-[0-9]{18}\\.log"))
                    .sorted()
                    .toList();
        }
    }

    /** Hands out the lines of a file. */
    static final class Reader implements AutoCloseable {
        private final InputStream in;
        private boolean isCut;
        private long wholeBytes;

        Reader(Path file) throws IOException {
            in = new BufferedInputStream(Files.newInputStream(file));
        }

        /** The next whole line, byte for byte; null at the end. Of one that is too long its beginning, which is no line of an audit. */
        @Nullable
        String next() throws IOException {
            var line = new ByteArrayOutputStream();
            long length = 0;
            for (int read = in.read(); read >= 0; read = in.read()) {
                length++;
                if (read == '\n') {
                    wholeBytes += length;
                    return line.toString(StandardCharsets.ISO_8859_1) + (length > LINE_BYTES_MAX ? TOO_LONG : "");
                }
                if (length < LINE_BYTES_MAX) {
                    line.write(read);
                }
            }
            isCut = length > 0;
            return null;
        }

        /** Whether the last line lacks its end. */
        boolean isCut() {
            return isCut;
        }

        /** Bytes of the lines handed out. */
        long wholeBytes() {
            return wholeBytes;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
