package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Halt;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.raft.disk.SealedLines.Line;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what Ratis's two unchecked files must contain: {@code raft-meta} (term and vote) and {@code raft-meta.conf}
 * (the membership).
 *
 * <p>Ratis believes whatever it reads from the first and silently ignores a second it cannot read. So each replacement
 * of either, in a directory that is watched, first writes both of the file's checksums, the one it has and the one it
 * is about to have, into {@code raft-meta.sums}; only then is the file renamed into place. Whenever the process dies,
 * the file has one of the two. A file with a third one was damaged or came from elsewhere.
 *
 * <p>The registry is static because Ratis makes the stream that replaces the files, without knowing whose they are.
 */
public final class MetadataWitness {
    static final String META = "raft-meta";
    static final String CONF = "raft-meta.conf";
    static final String SUMS = "raft-meta.sums";

    private static final String KIND = "statehouse-sums";
    private static final int FORMAT = 1;
    private static final String ABSENT = "absent";
    private static final Set<String> WITNESSED = Set.of(META, CONF);
    private static final Map<Path, MetadataWitness> WATCHED = new ConcurrentHashMap<>();

    /** The checksums a file may have. */
    private record Sums(String before, String after) {
        boolean allow(String sum) {
            return sum.equals(before) || sum.equals(after);
        }
    }

    private final Path directory;
    private final Halt halt;

    private MetadataWitness(Path directory, Halt halt) {
        this.directory = directory;
        this.halt = halt;
    }

    /** From now on, replacements in the directory are witnessed, and a failed one halts this replica. */
    static void watch(Path directory, Halt halt) {
        Path key = directory.toAbsolutePath().normalize();
        WATCHED.put(key, new MetadataWitness(key, halt));
    }

    static void unwatch(Path directory) {
        WATCHED.remove(directory.toAbsolutePath().normalize());
    }

    /** Refuses a directory whose files are not what was last written to them. */
    static void check(Path directory) {
        MetadataWitness witness = new MetadataWitness(directory, (code, reason, cause) -> {});
        try {
            Map<String, Sums> sums = witness.readSums();
            if (!sums.containsKey(META)) {
                throw refused(directory.resolve(SUMS), "it does not witness " + META);
            }
            for (String name : WITNESSED) {
                witness.requireWitnessed(name, sums.get(name));
            }
        } catch (UnreadableException e) {
            throw refused(directory.resolve(SUMS), e.getMessage());
        } catch (IOException e) {
            throw new StartRefusedException(
                    ExitCode.METADATA_DAMAGED, "cannot read what this member voted in " + directory + ": " + e, e);
        }
    }

    private void requireWitnessed(String name, @Nullable Sums sums) throws IOException {
        Path file = directory.resolve(name);
        String found = sumOf(file);
        if (sums == null ? !found.equals(ABSENT) : !sums.allow(found)) {
            throw refused(
                    file,
                    "its checksum is " + found + ", but " + SUMS + " allows "
                            + (sums == null ? "no such file" : sums.before() + " or " + sums.after()));
        }
    }

    private static StartRefusedException refused(Path file, @Nullable String why) {
        return new StartRefusedException(
                ExitCode.METADATA_DAMAGED,
                file + " is damaged or not of this node: " + why
                        + ". It says what this member voted and with whom; a guess could elect two leaders."
                        + " " + Repair.REPLACE);
    }

    /**
     * Renames a complete, synced temporary file to its name and forces the directory. Called by our form of Ratis's
     * {@code AtomicFileOutputStream} for every file, witnessed or not.
     */
    public static void replace(Path temporary, Path file) throws IOException {
        MetadataWitness witness = witnessOf(file);
        if (witness == null) {
            DurableFile.rename(temporary, file);
        } else {
            witness.replaceWitnessed(temporary, file);
        }
    }

    /** A write of term, vote or membership that failed must not be followed by an answer that relies on it. */
    public static void failed(Path file, IOException cause) {
        MetadataWitness witness = witnessOf(file);
        // An interrupt is how Ratis stops its own threads; nothing was promised on this write.
        if (witness != null && !(cause instanceof ClosedByInterruptException)) {
            witness.halt.now(ExitCode.STORAGE_FAILED, "cannot write " + file, cause);
        }
    }

    private static @Nullable MetadataWitness witnessOf(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        String name = String.valueOf(file.getFileName());
        return parent == null || !WITNESSED.contains(name) ? null : WATCHED.get(parent);
    }

    private synchronized void replaceWitnessed(Path temporary, Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Map<String, Sums> sums = sumsWhileRunning();
        String before = sumOf(file);
        Sums witnessed = sums.get(name);
        if (witnessed == null ? !before.equals(ABSENT) : !witnessed.allow(before)) {
            IOException changed = new IOException(file + " changed on disk since it was written");
            halt.now(ExitCode.METADATA_DAMAGED, "cannot replace " + file, changed);
            throw changed;
        }
        sums.put(name, new Sums(before, sumOf(temporary)));
        DurableFile.replace(directory.resolve(SUMS), encode(sums));
        DurableFile.rename(temporary, file);
        if (before.equals(ABSENT)) {
            // From its first write on, a file that is missing is damage.
            sums.put(name, new Sums(sumOf(file), sumOf(file)));
            DurableFile.replace(directory.resolve(SUMS), encode(sums));
        }
    }

    private Map<String, Sums> sumsWhileRunning() throws IOException {
        try {
            return readSums();
        } catch (UnreadableException e) {
            halt.now(ExitCode.METADATA_DAMAGED, directory.resolve(SUMS) + " cannot be read", e);
            throw new IOException(directory.resolve(SUMS) + " cannot be read", e);
        }
    }

    private Map<String, Sums> readSums() throws IOException, UnreadableException {
        Path file = directory.resolve(SUMS);
        Map<String, Sums> sums = new TreeMap<>();
        if (Files.exists(file)) {
            for (Line line :
                    SealedLines.parse(Files.readAllBytes(file), KIND, FORMAT).lines()) {
                sums.put(line.name(), new Sums(line.words().get(0), line.words().get(1)));
            }
        }
        return sums;
    }

    private static byte[] encode(Map<String, Sums> sums) {
        List<Line> lines = new ArrayList<>();
        sums.forEach((name, sum) -> lines.add(Line.of(name, sum.before(), sum.after())));
        return new SealedLines(KIND, FORMAT, lines).toBytes();
    }

    private static String sumOf(Path file) throws IOException {
        return Files.exists(file) ? SealedLines.crcOf(Files.readAllBytes(file)) : ABSENT;
    }
}
