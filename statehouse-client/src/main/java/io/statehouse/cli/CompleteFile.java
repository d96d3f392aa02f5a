package io.statehouse.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that appears under its name when it is complete. */
final class CompleteFile {
    private CompleteFile() {}

    /** Where lines go. */
    interface Lines {
        void add(String line) throws IOException;
    }

    /** Hands lines on. */
    interface Body {
        void writeTo(Lines lines) throws IOException;
    }

    static void write(String file, Body body) throws IOException {
        Path target = InputText.path(file).toAbsolutePath();
        Path unfinished = Files.createTempFile(target.getParent(), ".statehousectl-", ".part");
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(unfinished)) {
                body.writeTo(line -> {
                    writer.write(line);
                    writer.write('\n');
                });
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
