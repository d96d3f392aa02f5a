package io.statehouse.statemachine.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every file of {@code src/test/resources/transcripts}.
 *
 * <p>A file is a row of blocks, parted by empty lines: a batch, {@code ----}, and what it must come to. With {@code
 * -Dstatehouse.transcripts.rewrite=true} the second half is written anew; the change is then reviewed as a diff.
 */
class TranscriptTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/transcripts");
    private static final String BORDER = "----";

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyBatchComesToWhatItsTranscriptSays(Path file) throws IOException {
        String written = Files.readString(file);

        String actual = run(written);

        if (Boolean.getBoolean("statehouse.transcripts.rewrite")) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual).isEqualTo(written);
        }
    }

    private static String run(String transcript) {
        Stage stage = new Stage();
        StringBuilder result = new StringBuilder();
        for (String block : transcript.strip().split("\n\n", -1)) {
            if (!result.isEmpty()) {
                result.append('\n');
            }
            if (block.startsWith("#")) {
                result.append(block).append('\n');
                continue;
            }
            String batch = block.split(BORDER, 2)[0].strip();
            result.append(batch).append('\n').append(BORDER).append('\n');
            stage.run(batch.lines().toList())
                    .forEach(line -> result.append(line).append('\n'));
        }
        return result.toString();
    }
}
