package io.statehouse.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosMainTest {
    private static final int USAGE = 64;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int chaos(String... arguments) throws IOException {
        return ChaosMain.run(List.of(arguments), new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theListNamesEveryCaseOnOneLine() throws IOException {
        assertThat(chaos("list")).isEqualTo(ChaosMain.PASS);

        assertThat(text().lines()).allMatch(line -> line.matches("F\\d\\d  .*")).doesNotHaveDuplicates();
        assertThat(text()).contains("F01  kill -9 the leader");
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() throws IOException {
        assertThat(chaos("run", "F99")).isEqualTo(USAGE);
        assertThat(chaos("run", "F01", "--time", "soon")).isEqualTo(USAGE);
        assertThat(chaos("run", "F01", "--seed")).isEqualTo(USAGE);
        assertThat(chaos("suite", "weekly")).isEqualTo(USAGE);
        assertThat(chaos("dance")).isEqualTo(USAGE);

        assertThat(text()).contains("F99", "soon", "--seed needs a value", "weekly", "dance");
    }
}
