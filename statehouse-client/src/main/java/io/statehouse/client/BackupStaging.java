package io.statehouse.client;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.BackupFile;
import io.statehouse.proto.v1.BackupManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A backup while it arrives: beside its place, without the list that makes it one, and gone when it comes to no end.
 *
 * <p>The node that sends it may be anybody: names are plain names or refused, a file is written once, and no more is taken
 * than was announced and fits.
 */
final class BackupStaging implements AutoCloseable {
    static final String SUMS = "SHA256SUMS";
    static final String ABOUT = "BACKUP";

    private static final int FORMAT = 1;
    private static final int FILES_MAX = 100_000;
    private static final long FREE_BYTES_KEPT = 64L << 20;
    private static final String UNFINISHED = ".partial";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    private final Path target;
    private final Path staging;
    private final SortedMap<String, String> sums = new TreeMap<>();
    private @Nullable Arrival open;
    private long bytesMax;
    private long bytes;
    private boolean isFinished;

    private BackupStaging(Path target, Path staging) {
        this.target = target;
        this.staging = staging;
    }

    /** A file of which not all has arrived. */
    private static final class Arrival {
        private final String name;
        private final FileChannel out;
        private final MessageDigest sha256 = sha256();

        private Arrival(String name, FileChannel out) {
            this.name = name;
            this.out = out;
        }
    }

    /** Makes room beside a directory that does not exist or is empty. */
    static BackupStaging beside(Path directory) throws IOException {
        Path target = directory.toAbsolutePath().normalize();
        requireUnused(target, directory);
        Path staging = target.resolveSibling(target.getFileName() + UNFINISHED);
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.exists(staging, LinkOption.NOFOLLOW_LINKS)) {
            throw new BackupFailedException(staging
                    + " is in the way: another backup is being written there, or one was interrupted; delete it");
        }
        Files.createDirectory(staging);
        return new BackupStaging(target, staging);
    }

    private static void requireUnused(Path target, Path named) throws IOException {
        if (target.getFileName() == null) {
            throw new BackupFailedException(named + " is no place for a backup");
        }
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean isEmpty = false;
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            try (var entries = Files.newDirectoryStream(target)) {
                isEmpty = !entries.iterator().hasNext();
            }
        }
        if (!isEmpty) {
            throw new BackupFailedException(
                    named + " exists and is no empty directory; a backup is written into a new one");
        }
    }

    /** Hears how much will come, before the rest. */
    void begin(long announced) throws IOException {
        long room = Files.getFileStore(staging).getUsableSpace() - FREE_BYTES_KEPT;
        if (announced < 0 || announced > room) {
            throw new BackupFailedException("the backup has " + announced + " bytes, and there is room for "
                    + Math.max(0, room) + " in " + target.getParent());
        }
        bytesMax = announced;
    }

    void write(String name, ByteString data) throws IOException {
        Arrival file = open;
        if (file == null || !file.name.equals(name)) {
            finishFile();
            file = create(name);
            open = file;
        }
        bytes += data.size();
        if (bytes > bytesMax) {
            throw new BackupFailedException("the node sends more than the " + bytesMax + " bytes it announced");
        }
        for (ByteBuffer part : data.asReadOnlyByteBufferList()) {
            file.sha256.update(part.duplicate());
            while (part.hasRemaining()) {
                file.out.write(part);
            }
        }
    }

    private Arrival create(String name) throws IOException {
        if (!PLAIN_NAME.matcher(name).matches() || name.equals(SUMS) || name.equals(ABOUT)) {
            throw new BackupFailedException("the node sends a file named '" + name + "', which is no name for one");
        }
        if (sums.containsKey(name) || sums.size() >= FILES_MAX) {
            throw new BackupFailedException(
                    "the node sends '" + name + "' twice, or more than " + FILES_MAX + " files");
        }
        return new Arrival(
                name, FileChannel.open(staging.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    private void finishFile() throws IOException {
        Arrival file = open;
        if (file != null) {
            file.out.force(true);
            file.out.close();
            sums.put(file.name, HexFormat.of().formatHex(file.sha256.digest()));
            open = null;
        }
    }

    /** Compares what arrived with what was sent, and makes it a backup: the list of checksums last, then the name. */
    Backup finish(BackupManifest manifest) throws IOException {
        finishFile();
        requireComplete(manifest);
        int files = sums.size();
        writeText(ABOUT, about(manifest));
        var list = new StringBuilder();
        sums.forEach((name, sum) -> list.append(sum).append("  ").append(name).append('\n'));
        writeText(SUMS, list.toString());
        force(staging);
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        isFinished = true;
        Path parent = target.getParent();
        if (parent != null) {
            force(parent);
        }
        HexFormat hex = HexFormat.of();
        return new Backup(
                target,
                manifest.getClusterId(),
                manifest.getNodeId(),
                manifest.getCommitTs(),
                Instant.ofEpochMilli(manifest.getWallTimeMs()),
                hex.formatHex(manifest.getChainHash().toByteArray()),
                hex.formatHex(manifest.getDigest().toByteArray()),
                files,
                bytes);
    }

    private void requireComplete(BackupManifest manifest) throws IOException {
        if (manifest.getFormat() != FORMAT) {
            throw new BackupFailedException(
                    "the backup is of format " + manifest.getFormat() + "; this client knows " + FORMAT);
        }
        SortedMap<String, String> sent = new TreeMap<>();
        for (BackupFile file : manifest.getFilesList()) {
            sent.put(file.getName(), HexFormat.of().formatHex(file.getSha256().toByteArray()));
        }
        for (Map.Entry<String, String> file : sent.entrySet()) {
            if (!file.getValue().equals(sums.get(file.getKey()))) {
                throw new BackupFailedException("'" + file.getKey() + "' did not arrive as it was sent");
            }
        }
        if (sent.size() != sums.size() || sums.isEmpty()) {
            throw new BackupFailedException("the node sent other files than its manifest names");
        }
    }

    private static String about(BackupManifest manifest) throws IOException {
        HexFormat hex = HexFormat.of();
        return "format=" + FORMAT + "\ncluster=" + word("cluster_id", manifest.getClusterId()) + "\nnode="
                + word("node_id", manifest.getNodeId()) + "\ncommit_ts=" + manifest.getCommitTs() + "\nwall_time_ms="
                + manifest.getWallTimeMs() + "\nchain_hash="
                + word("chain_hash", hex.formatHex(manifest.getChainHash().toByteArray())) + "\ndigest="
                + word("digest", hex.formatHex(manifest.getDigest().toByteArray())) + "\n";
    }

    private static String word(String field, String text) throws IOException {
        if (!WORD.matcher(text).matches()) {
            throw new BackupFailedException("the node's manifest has no usable " + field);
        }
        return text;
    }

    private void writeText(String name, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        try (var file =
                FileChannel.open(staging.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (ByteBuffer rest = ByteBuffer.wrap(encoded); rest.hasRemaining(); ) {
                file.write(rest);
            }
            file.force(true);
        }
        sums.put(name, HexFormat.of().formatHex(sha256().digest(encoded)));
    }

    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** How many bytes have arrived. */
    long bytes() {
        return bytes;
    }

    /** Leaves nothing of a backup that came to no end. */
    @Override
    public void close() throws IOException {
        if (open != null) {
            open.out.close();
        }
        if (!isFinished) {
            try (var files = Files.newDirectoryStream(staging)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(staging);
        }
    }
}
