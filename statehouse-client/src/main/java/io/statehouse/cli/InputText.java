package io.statehouse.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads text a command was pointed at: a file, or {@code -} for stdin. Strictly UTF-8, and no more than a bound. */
final class InputText {
    /** More than any server takes in one message. */
    static final int BYTES_MAX = 64 << 20;

    private InputText() {}

    static String read(String fileOrDash, InputStream stdin) throws IOException {
        if (fileOrDash.equals("-")) {
            return decoded(stdin, "stdin");
        }
        try (InputStream file = Files.newInputStream(path(fileOrDash))) {
            return decoded(file, fileOrDash);
        }
    }

    static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new Complaint("'" + file + "' is no file name", e);
        }
    }

    private static String decoded(InputStream from, String name) throws IOException {
        byte[] bytes = from.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new Complaint(name + " is larger than " + BYTES_MAX + " bytes, the most statehousectl reads");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Complaint(name + " is not UTF-8 text", e);
        }
    }
}
