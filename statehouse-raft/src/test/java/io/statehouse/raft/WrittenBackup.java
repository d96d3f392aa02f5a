package io.statehouse.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Backups for tests, as statehousectl writes them. */
final class WrittenBackup {
    private WrittenBackup() {}

    /** A backup of what a member holds. */
    static Path of(RatisLog log, Path directory) throws IOException {
        log.awaitReadable().join();
        log.running().replica().checkpoint(directory);
        about(directory, log.cluster().clusterId(), log.cluster().applied().value());
        seal(directory);
        return directory;
    }

    private static void about(Path directory, String clusterId, long commitTs) throws IOException {
        Files.writeString(
                directory.resolve(BackupDirectory.ABOUT),
                "format=1\ncluster=" + clusterId + "\ncommit_ts=" + commitTs + "\n");
    }

    /** Names every file with its checksum. */
    static void seal(Path directory) throws IOException {
        var sums = new StringBuilder();
        Files.deleteIfExists(directory.resolve(BackupDirectory.SUMS));
        try (var files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                byte[] sum = SnapshotSender.sha256().digest(Files.readAllBytes(file));
                sums.append(HexFormat.of().formatHex(sum))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }
        Files.writeString(directory.resolve(BackupDirectory.SUMS), sums, StandardCharsets.UTF_8);
    }
}
