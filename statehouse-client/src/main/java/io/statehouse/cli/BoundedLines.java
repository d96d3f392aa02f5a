package io.statehouse.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of strict UTF-8, none longer than a bound, and knows the number of the last one. */
final class BoundedLines {
    /** More than the largest transaction takes with all its letters escaped. */
    static final int LINE_BYTES_MAX = 32 << 20;

    private final InputStream in;
    private final int lineBytesMax;
    private long number;

    BoundedLines(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in);
        this.lineBytesMax = lineBytesMax;
    }

    /** The next line without its end; null when there is none. */
    @Nullable
    String next() throws IOException {
        var line = new ByteArrayOutputStream();
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        number++;
        for (; octet >= 0 && octet != '\n'; octet = in.read()) {
            if (line.size() == lineBytesMax) {
                throw complaint("is longer than " + lineBytesMax + " bytes");
            }
            line.write(octet);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Complaint("line " + number + " is not UTF-8 text", e);
        }
    }

    /** The number of the last line, counted from 1. */
    long number() {
        return number;
    }

    /** What is wrong with the last line. */
    Complaint complaint(String what) {
        return new Complaint("line " + number + " " + what);
    }
}
