package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.transcript.ReplyText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs that earlier releases wrote, as bytes, beside what they came to. They replay to the same numbers for ever.
 *
 * <p>A release that adds a command adds a log: {@code -Dstatehouse.golden.record=<name>}. None is ever rewritten: where this
 * test fails, replicas of two releases would part.
 */
class GoldenLogTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    /** Of the releases whose keys were too short for the items of a list. */
    private static final Limits FIRST_LIMITS = new Limits(40, 12, 64, 200, 4, 160, 3, 3, 24, Duration.ofSeconds(60));

    private static final Set<String> FIRST_LOGS =
            Set.of("release-1.bin", "release-2.bin", "release-3.bin", "release-4.bin");
    private static final int BATCHES = 120;
    private static final int COMMANDS_MAX = 6;

    static List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".bin"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aLogOfAnEarlierReleaseComesToWhatItCameToThen(Path log) throws IOException {
        assertThat(replay(read(log), limitsOf(log))).isEqualTo(Files.readAllLines(outcomeOf(log)));
    }

    /** Were the encoding to change, a leader of this release would write what an older follower reads otherwise. */
    @ParameterizedTest
    @MethodSource("logs")
    void whatAnEarlierReleaseWroteIsWrittenTheSameByThisOne(Path log) throws IOException {
        for (byte[] entry : read(log)) {
            assertThat(LogCodec.encode(LogCodec.decode(ByteBuffer.wrap(entry)))).isEqualTo(entry);
        }
    }

    @Test
    void aNewLogIsRecordedOnlyWhenAskedFor() throws IOException {
        String name = System.getProperty("statehouse.golden.record", "");
        if (!name.isEmpty()) {
            record(DIRECTORY.resolve(name + ".bin"));
        }
        assertThat(logs()).isNotEmpty();
    }

    private static void record(Path log) throws IOException {
        assertThat(log).doesNotExist();
        List<byte[]> entries = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
        for (LoggedBatch batch : new RandomLog(new Random(log.hashCode())).batches(BATCHES, COMMANDS_MAX)) {
            byte[] entry = LogCodec.encode(batch);
            entries.add(entry);
            bytes.putInt(entry.length).put(entry);
        }
        byte[] written = new byte[bytes.position()];
        bytes.flip().get(written);
        Files.write(log, written);
        Files.write(outcomeOf(log), replay(entries, limitsOf(log)));
    }

    private static List<String> replay(List<byte[]> entries, Limits limits) {
        List<String> outcome = new ArrayList<>();
        try (StateMachine state = StateMachine.open(new TreeStore(), limits)) {
            for (int index = 0; index < entries.size(); index++) {
                LoggedBatch batch = LogCodec.decode(ByteBuffer.wrap(entries.get(index)));
                for (Reply reply : state.execute(new LogPosition(1, index), batch)) {
                    outcome.add(ReplyText.of(reply));
                }
                outcome.add("chain " + HexFormat.of().formatHex(state.chainHash()));
                outcome.add("digest " + HexFormat.of().formatHex(state.digest()));
                StateDigest trimmed = state.progress().trimming().trimmed();
                if (!trimmed.equals(StateDigest.EMPTY)) {
                    outcome.add("trimmed " + trimmed);
                }
            }
        }
        return outcome;
    }

    private static List<byte[]> read(Path log) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log));
        List<byte[]> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] entry = new byte[bytes.getInt()];
            bytes.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    private static Limits limitsOf(Path log) {
        return FIRST_LOGS.contains(log.getFileName().toString()) ? FIRST_LIMITS : RandomLog.LIMITS;
    }

    private static Path outcomeOf(Path log) {
        return Path.of(log.toString().replace(".bin", ".txt"));
    }
}
