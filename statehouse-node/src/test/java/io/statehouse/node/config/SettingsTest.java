package io.statehouse.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {
    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("statehouse.properties"), text);
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void aFlagBeatsTheEnvironmentThatTheFileThatTheDefault(Setting setting) throws IOException {
        // All eight mixtures of where a setting is given.
        for (int given = 0; given < 8; given++) {
            Map<Setting, String> flags = new EnumMap<>(Setting.class);
            Map<String, String> environment = new HashMap<>();
            String expected = setting.fallback();
            Path file = file((given & 1) != 0 ? setting.key() + "=from-file\n" : "");
            expected = (given & 1) != 0 ? "from-file" : expected;
            if ((given & 2) != 0) {
                environment.put(setting.env(), "from-env");
                expected = "from-env";
            }
            if ((given & 4) != 0) {
                flags.put(setting, "from-flag");
                expected = "from-flag";
            }

            assertThat(Settings.resolve(flags, environment, file).text(setting)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STATEHOUSE_ADDR, addr",
        "STATEHOUSE_LISTEN_ADDR, addr",
        "STATEHOUSE_DATA_DIR, data.dir",
        "STATEHOUSE_USE_MEMORY, use.memory",
        "STATEHOUSE_FSYNC_ON_COMMIT, fsync.on.commit",
        "STATEHOUSE_SNAPSHOT_INTERVAL, snapshot.interval",
        "STATEHOUSE_TX_TIMEOUT_MS, tx.timeout.ms",
        "STATEHOUSE_TLS_CERT, tls.cert",
        "STATEHOUSE_TLS_KEY, tls.key",
        "STATEHOUSE_AUTH_BOOTSTRAP, auth.bootstrap",
        "STATEHOUSE_NODE_ID, node.id",
        "STATEHOUSE_MEMBERS, members",
        "STATEHOUSE_INIT, init",
        "STATEHOUSE_RAFT_ADDR, raft.addr",
        "STATEHOUSE_HTTP_ADDR, http.addr",
        "STATEHOUSE_ELECTION_TIMEOUT_MIN_MS, election.timeout.min.ms",
        "STATEHOUSE_ELECTION_TIMEOUT_MAX_MS, election.timeout.max.ms",
        "STATEHOUSE_LOG_FORMAT, log.format"
    })
    void theDocumentedNamesAreKnown(String env, String key) {
        Setting setting = Objects.requireNonNull(Setting.ofKey(key), key);

        assertThat(Settings.resolve(Map.of(), Map.of(env, "given"), null).text(setting))
                .isEqualTo("given");
    }

    @Test
    void theFirstNameOfTheApiAddressBeatsTheOlderOne() {
        Map<String, String> both = Map.of("STATEHOUSE_ADDR", "127.0.0.1:1", "STATEHOUSE_LISTEN_ADDR", "127.0.0.1:2");

        assertThat(Settings.resolve(Map.of(), both, null).text(Setting.ADDR)).isEqualTo("127.0.0.1:1");
    }

    @Test
    void anUnknownKeyInAFileIsRefusedWithTheNearestName() throws IOException {
        Path file = file("data.dri=/tmp\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Settings.resolve(Map.of(), Map.of(), file))
                .withMessageContaining("data.dri")
                .withMessageContaining("data.dir");
    }

    @Test
    void aMisspeltVariableIsRefusedWithTheNearestName() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Settings.resolve(Map.of(), Map.of("STATEHOUSE_DATADIR", "/tmp"), null))
                .withMessageContaining("STATEHOUSE_DATA_DIR");
    }

    @Test
    void aStrangeVariableIsToldAndIgnored() {
        Map<String, String> injected =
                Map.of("STATEHOUSE_PORT_50051_TCP_PROTO", "tcp", "STATEHOUSE_URL", "localhost:50051", "HOME", "/root");

        Settings settings = Settings.resolve(Map.of(), injected, null);

        assertThat(settings.warnings()).singleElement().asString().contains("STATEHOUSE_PORT_50051_TCP_PROTO");
    }

    @Test
    void aFileThatIsMissingIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Settings.resolve(Map.of(), Map.of(), directory.resolve("none")))
                .withMessageContaining("none");
    }

    @Test
    void theDescriptionShowsEveryOriginAndNoSecret() throws IOException {
        Settings settings = Settings.resolve(
                Map.of(Setting.NODE_ID, "n7"),
                Map.of("STATEHOUSE_AUTH_BOOTSTRAP", "open sesame"),
                file("tx.timeout.ms=5000\n"));

        assertThat(settings.describe())
                .hasSize(Setting.values().length)
                .contains("node.id = n7  # flag --node-id")
                .contains("auth.bootstrap = ********  # env STATEHOUSE_AUTH_BOOTSTRAP")
                .contains("data.dir = ./data  # default")
                .anyMatch(line -> line.startsWith("tx.timeout.ms = 5000  # file "))
                .noneMatch(line -> line.contains("sesame"));
    }
}
