package io.statehouse.raft.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the data directory that is worth nothing but its space: when a disk has become so full that a node does not start
 * any more, deleting it makes the room to start, and to delete what is worth less than the rest.
 */
public final class Ballast {
    /** Its name in the data directory. */
    public static final String NAME = "ballast";

    /** As much as a node needs to start, so that one without a byte left starts again once it is deleted. */
    public static final long BYTES = DiskGuard.FREE_BYTES_MIN;

    private static final int PIECE_BYTES = 1 << 20;

    /** Not zero: file systems that compress would keep nothing. */
    private static final int FACTOR = 31;

    private Ballast() {}

    /** Whether it is there, all of it. */
    public static boolean isThere(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(NAME);
        return Files.exists(file) && Files.size(file) == BYTES;
    }

    /** Takes its space; blocks for as long as it takes to write it. */
    public static void take(Path dataDirectory) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int index = 1; index < piece.length; index++) {
            piece[index] = (byte) (piece[index - 1] * FACTOR + index);
        }
        try (OutputStream file = Files.newOutputStream(dataDirectory.resolve(NAME))) {
            for (long written = 0; written < BYTES; written += PIECE_BYTES) {
                file.write(piece);
            }
        }
    }
}
