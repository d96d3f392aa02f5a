package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup on a disk, which may come from anywhere: nothing in it is believed before all of it is proven.
 *
 * <p>It is a flat directory of a database's files, {@code BACKUP} which says what it is, and {@code SHA256SUMS}, written
 * last, which names every file with its checksum in the form of {@code sha256sum}.
 *
 * @param sums file name → SHA-256 in hex
 * @param id the SHA-256 of the list of checksums itself
 */
record BackupDirectory(Path path, SortedMap<String, String> sums, String id, String clusterId, CommitTs at) {
    static final String SUMS = "SHA256SUMS";
    static final String ABOUT = "BACKUP";

    static final int FORMAT = 1;

    private static final int FILES_MAX = 100_000;
    private static final long TEXT_BYTES_MAX = 16L << 20;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Pattern SUM_LINE = Pattern.compile("([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]{0,200})");
    private static final Pattern ABOUT_LINE = Pattern.compile("([a-z_]{1,40})=([A-Za-z0-9._:-]{1,100})");

    /** Reads all of it. */
    static BackupDirectory prove(Path path, long bytesMax) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(path + " is no directory");
        }
        byte[] list = text(path.resolve(SUMS));
        SortedMap<String, String> sums = sums(list);
        requireSameFiles(path, sums.keySet());
        requireSize(path, sums.keySet(), bytesMax);
        for (Map.Entry<String, String> file : sums.entrySet()) {
            String found = copy(path.resolve(file.getKey()), OutputStream.nullOutputStream());
            requireSum(path.resolve(file.getKey()), file.getValue(), found);
        }
        Map<String, String> about = about(text(path.resolve(ABOUT)));
        String id = HexFormat.of().formatHex(SnapshotSender.sha256().digest(list));
        return new BackupDirectory(path, sums, id, word(about, "cluster"), new CommitTs(number(about, "commit_ts")));
    }

    /** The files of the database copied elsewhere, and proven once more as they are copied. */
    void copyDatabase(Path target) throws IOException {
        for (Map.Entry<String, String> file : sums.entrySet()) {
            if (file.getKey().equals(ABOUT)) {
                continue;
            }
            try (OutputStream out = Files.newOutputStream(target.resolve(file.getKey()))) {
                requireSum(path.resolve(file.getKey()), file.getValue(), copy(path.resolve(file.getKey()), out));
            }
        }
    }

    private static SortedMap<String, String> sums(byte[] list) {
        SortedMap<String, String> sums = new TreeMap<>();
        for (String line : lines(list)) {
            Matcher match = SUM_LINE.matcher(line);
            if (!match.matches()) {
                throw refused(SUMS + " holds a line that is no checksum of a plain file name");
            }
            if (match.group(2).equals(SUMS) || sums.put(match.group(2), match.group(1)) != null) {
                throw refused(SUMS + " names " + match.group(2) + " in a way it must not");
            }
            if (sums.size() > FILES_MAX) {
                throw refused(SUMS + " names more than " + FILES_MAX + " files");
            }
        }
        if (!sums.containsKey(ABOUT)) {
            throw refused(SUMS + " does not name " + ABOUT);
        }
        return sums;
    }

    /** A file more or less, a link, or a directory: somebody has been at it. */
    private static void requireSameFiles(Path path, Set<String> named) throws IOException {
        Set<String> expected = new TreeSet<>(named);
        expected.add(SUMS);
        try (var entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw refused(entry + " is no plain file");
                }
                if (!expected.remove(entry.getFileName().toString())) {
                    throw refused(entry + " is not named by " + SUMS);
                }
            }
        }
        if (!expected.isEmpty()) {
            throw refused(path + " lacks " + expected);
        }
    }

    private static void requireSize(Path path, Set<String> names, long bytesMax) throws IOException {
        long bytes = 0;
        for (String name : names) {
            bytes = Math.addExact(bytes, Files.size(path.resolve(name)));
        }
        if (bytes > bytesMax) {
            throw refused(path + " holds " + bytes + " bytes, but there is room for " + bytesMax);
        }
    }

    private static String copy(Path file, OutputStream out) throws IOException {
        MessageDigest sha256 = SnapshotSender.sha256();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (byte[] piece = in.readNBytes(BUFFER_BYTES); piece.length > 0; piece = in.readNBytes(BUFFER_BYTES)) {
                sha256.update(piece);
                out.write(piece);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    static byte[] sha256Of(Path file) throws IOException {
        return HexFormat.of().parseHex(copy(file, OutputStream.nullOutputStream()));
    }

    private static void requireSum(Path file, String expected, String found) {
        if (!expected.equals(found)) {
            throw refused(file + " is damaged: its SHA-256 is " + found + ", not " + expected);
        }
    }

    private static Map<String, String> about(byte[] text) {
        Map<String, String> about = new TreeMap<>();
        for (String line : lines(text)) {
            Matcher match = ABOUT_LINE.matcher(line);
            if (!match.matches()) {
                throw refused(ABOUT + " holds a line that is no name=word");
            }
            about.put(match.group(1), match.group(2));
        }
        if (number(about, "format") != FORMAT) {
            throw refused(ABOUT + " is of format " + about.get("format") + "; this release knows " + FORMAT);
        }
        return about;
    }

    private static String word(Map<String, String> about, String name) {
        String word = about.get(name);
        if (word == null) {
            throw refused(ABOUT + " does not say " + name);
        }
        return word;
    }

    private static long number(Map<String, String> about, String name) {
        try {
            return Long.parseLong(word(about, name));
        } catch (NumberFormatException e) {
            throw refused(ABOUT + " says no number for " + name);
        }
    }

    private static byte[] text(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(file + " is missing or no plain file; a backup that was not finished has none");
        }
        if (Files.size(file) > TEXT_BYTES_MAX) {
            throw refused(file + " is larger than " + TEXT_BYTES_MAX + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static List<String> lines(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString()
                    .lines()
                    .toList();
        } catch (CharacterCodingException e) {
            throw refused("the backup holds text that is no UTF-8");
        }
    }

    static StartRefusedException refused(String message) {
        return new StartRefusedException(ExitCode.BACKUP_REFUSED, message + "; nothing was written");
    }
}
