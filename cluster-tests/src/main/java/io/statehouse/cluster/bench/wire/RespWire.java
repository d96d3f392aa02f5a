package io.statehouse.cluster.bench.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The protocol of Redis (RESP 2): commands as arrays of strings, and answers, which are read to their end and not kept. */
public final class RespWire {
    private static final int LINE_BYTES_MAX = 64 << 10;

    private RespWire() {}

    /** One command. */
    public static byte[] command(Object... words) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + words.length + "\r\n"));
        for (Object word : words) {
            byte[] bytes = word instanceof byte[] raw ? raw : word.toString().getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ascii("$" + bytes.length + "\r\n"));
            out.writeBytes(bytes);
            out.writeBytes(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    /**
     * Reads one answer with all that is in it.
     *
     * @return how long a string is, how many elements an array has, the number of a number; -1 for nothing; 0 for a word
     * @throws IOException if the answer is an error, or holds one, or is none
     */
    public static long answer(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> 0;
            case ':' -> Long.parseLong(rest);
            case '$' -> string(in, Integer.parseInt(rest));
            case '*' -> array(in, Integer.parseInt(rest));
            case '-' -> throw new IOException("redis refused: " + rest);
            default -> throw new IOException("redis sent no answer but '" + line + "'");
        };
    }

    /**
     * Reads one answer and keeps the strings in it, at whatever depth, in their order.
     *
     * @throws IOException if the answer is an error, or holds one, or is none
     */
    public static List<String> strings(InputStream in) throws IOException {
        List<String> strings = new ArrayList<>();
        collect(in, strings);
        return strings;
    }

    private static void collect(InputStream in, List<String> strings) throws IOException {
        String line = line(in);
        int count = Integer.parseInt(line.substring(1));
        switch (line.charAt(0)) {
            case '$' -> {
                strings.add(new String(in.readNBytes(count), StandardCharsets.UTF_8));
                requireEnd(in);
            }
            case '*' -> {
                for (int i = 0; i < count; i++) {
                    collect(in, strings);
                }
            }
            default -> throw new IOException("redis sent no strings but '" + line + "'");
        }
    }

    private static long string(InputStream in, int bytes) throws IOException {
        if (bytes >= 0) {
            in.skipNBytes(bytes);
            requireEnd(in);
        }
        return bytes;
    }

    private static void requireEnd(InputStream in) throws IOException {
        if (!line(in, true).isEmpty()) {
            throw new IOException("a string of redis is longer than it says");
        }
    }

    private static long array(InputStream in, int elements) throws IOException {
        for (int i = 0; i < elements; i++) {
            long unused = answer(in);
        }
        return elements;
    }

    private static String line(InputStream in) throws IOException {
        return line(in, false);
    }

    private static String line(InputStream in, boolean mayBeEmpty) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("redis closed the connection");
            }
            if (line.length() == LINE_BYTES_MAX) {
                throw new IOException("a line of redis is longer than " + LINE_BYTES_MAX + " bytes");
            }
            line.append((char) next);
        }
        int length = line.length() - 1;
        if (length < (mayBeEmpty ? 0 : 1) || line.charAt(length) != '\r') {
            throw new IOException("a line of redis does not end in CR LF");
        }
        return line.substring(0, length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
