package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.history.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rot in any file of a member that is stopped: the start names it, or the verification does. The few files that hold no data
 * of ours are listed, and rot in them must change no answer.
 */
class FlippedByteTest {
    private static final int COMMITS = 120;
    private static final int FLIPS_PER_FILE = Integer.getInteger("statehouse.flips", 1);
    private static final int ROWS_PER_STEP = 1_000;

    // RocksDB's own log, its identity, the options it was opened with, and locks.
    private static final Pattern NO_DATA = Pattern.compile("LOG(\\.old\\..*)?|OPTIONS-.*|IDENTITY|LOCK|.*\\.lock");

    @TempDir
    Path root;

    private final long seed = Long.getLong("statehouse.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private enum How {
        NAMED,
        NO_EFFECT,
        WRONG
    }

    private record Outcome(String file, How how, String told) {
        Outcome at(String place) {
            return new Outcome(file, how, "byte " + place + ": " + told);
        }
    }

    @Test
    void rotInAnyFileIsNamed() throws IOException {
        System.out.println("FlippedByteTest: re-run with -Dstatehouse.seed=" + seed);
        Path sound = root.resolve("sound");
        try (var cluster = LocalCluster.start(sound, 1, LocalCluster::eager)) {
            cluster.awaitLeader();
            for (int i = 0; i < COMMITS; i++) {
                cluster.commit(Commands.put("txn-" + i, "key-" + i % 20, "{\"n\":" + i + "}"));
            }
            String expected = cluster.log("n1").query(LocalCluster::fingerprint);
            cluster.stop("n1");

            var outcomes = new ArrayList<Outcome>();
            for (Path file : filesWithBytes(sound)) {
                for (int i = 0; i < FLIPS_PER_FILE; i++) {
                    Path copy = root.resolve("flip-" + outcomes.size());
                    copy(sound, copy);
                    String place = flip(copy.resolve(file));
                    outcomes.add(start(cluster.movedTo(copy), file, expected).at(place));
                }
            }

            var told = outcomes.stream().map(Outcome::toString).collect(Collectors.joining("\n"));
            assertThat(outcomes).as("seed %d%n%s", seed, told).noneMatch(outcome -> outcome.how() == How.WRONG);
            assertThat(outcomes)
                    .as("seed %d%n%s", seed, told)
                    .filteredOn(outcome -> !NO_DATA.matcher(outcome.file()).matches())
                    .isNotEmpty()
                    .allMatch(outcome -> outcome.how() == How.NAMED);
        }
    }

    private String flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        Files.write(file, bytes);
        return at + " of " + bytes.length;
    }

    private static Outcome start(LocalCluster cluster, Path file, String expected) {
        String name = file.getFileName().toString();
        try (cluster) {
            cluster.start("n1");
            cluster.awaitLeader();
            var log = cluster.log("n1");
            String fault = log.query(FlippedByteTest::firstFault);
            String reached = log.query(LocalCluster::fingerprint);
            if (!cluster.halts().isEmpty() || !fault.isEmpty()) {
                return new Outcome(name, How.NAMED, cluster.halts() + fault);
            }
            return new Outcome(name, reached.equals(expected) ? How.NO_EFFECT : How.WRONG, reached);
        } catch (StartRefusedException | StoreFailedException e) {
            return new Outcome(name, How.NAMED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // What a halt leaves behind may fail in any way; without a halt nothing was named.
            return new Outcome(name, cluster.halts().isEmpty() ? How.WRONG : How.NAMED, cluster.halts() + " " + e);
        }
    }

    private static String firstFault(StateMachine state) {
        try (Verification verification = state.verify(CommitTs.ZERO)) {
            while (true) {
                var verdict = verification.next(ROWS_PER_STEP).verdict();
                if (verdict != null) {
                    return verdict.isIntact() ? "" : verdict.firstBad() + " " + verdict.reason();
                }
            }
        }
    }

    private static List<Path> filesWithBytes(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toFile().length() > 0)
                    .map(directory::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
