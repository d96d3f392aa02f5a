package io.statehouse.raft.disk;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Words in lines under a checksum: the form of every small file that a start depends on, readable with {@code cat}.
 *
 * <pre>
 * statehouse-identity 1
 * node n1
 * crc 5f0c91ab
 * </pre>
 *
 * @param lines each a name and the words behind it
 */
record SealedLines(String kind, int format, List<Line> lines) {
    private static final String CRC = "crc ";

    /** One name and what is said about it. */
    record Line(String name, List<String> words) {
        Line {
            words = List.copyOf(words);
        }

        static Line of(String name, Object... words) {
            List<String> texts = new ArrayList<>();
            for (Object word : words) {
                String text = word.toString();
                if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ')) {
                    throw new IllegalArgumentException(name + " cannot hold the word '" + text + "'");
                }
                texts.add(text);
            }
            return new Line(name, texts);
        }
    }

    /** Bytes that are not what was written, or not what this release can read. */
    static final class UnreadableException extends Exception {
        private final boolean isNewer;

        UnreadableException(String message, boolean isNewer) {
            super(message);
            this.isNewer = isNewer;
        }

        /** The bytes are sound and a newer release wrote them. */
        boolean isNewer() {
            return isNewer;
        }
    }

    SealedLines {
        lines = List.copyOf(lines);
    }

    byte[] toBytes() {
        StringBuilder text = new StringBuilder(kind).append(' ').append(format).append('\n');
        for (Line line : lines) {
            text.append(line.name())
                    .append(' ')
                    .append(String.join(" ", line.words()))
                    .append('\n');
        }
        byte[] sealed = text.toString().getBytes(StandardCharsets.UTF_8);
        return (text + CRC + crcOf(sealed) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #toBytes} wrote, and nothing else. */
    static SealedLines parse(byte[] bytes, String kind, int formatMax) throws UnreadableException {
        String text = decode(bytes);
        int crcAt = text.lastIndexOf("\n" + CRC) + 1;
        if (crcAt == 0) {
            throw new UnreadableException("it has no checksum line", false);
        }
        String sealed = text.substring(0, crcAt);
        String expected = CRC + crcOf(sealed.getBytes(StandardCharsets.UTF_8)) + "\n";
        if (!text.substring(crcAt).equals(expected)) {
            throw new UnreadableException("its checksum does not match", false);
        }
        List<String> texts = sealed.lines().toList();
        int format = formatOf(texts.get(0), kind);
        if (format > formatMax) {
            throw new UnreadableException("its format " + format + " is newer than " + formatMax, true);
        }
        List<Line> lines = new ArrayList<>();
        for (String line : texts.subList(1, texts.size())) {
            List<String> words = wordsOf(line);
            lines.add(new Line(words.get(0), words.subList(1, words.size())));
        }
        return new SealedLines(kind, format, lines);
    }

    private static int formatOf(String header, String kind) throws UnreadableException {
        List<String> words = wordsOf(header);
        if (words.size() != 2 || !words.get(0).equals(kind)) {
            throw new UnreadableException("it does not begin with " + kind, false);
        }
        try {
            return Integer.parseInt(words.get(1));
        } catch (NumberFormatException e) {
            throw new UnreadableException("its format is no number", false);
        }
    }

    private static List<String> wordsOf(String line) {
        return List.of(line.split(" ", -1));
    }

    private static String decode(byte[] bytes) throws UnreadableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableException("it is not text", false);
        }
    }

    static String crcOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** The words of the first line of a name; null when there is none. */
    @Nullable
    List<String> find(String name) {
        for (Line line : lines) {
            if (line.name().equals(name)) {
                return line.words();
            }
        }
        return null;
    }

    /** The only word of a line that must be there. */
    String word(String name) throws UnreadableException {
        List<String> words = find(name);
        if (words == null || words.size() != 1) {
            throw new UnreadableException("it does not say one " + name, false);
        }
        return words.get(0);
    }
}
