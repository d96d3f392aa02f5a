package io.statehouse.node.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The unit of systemd starts a node that starts, does not start one again that cannot, and lets it do little else. */
class SystemdUnitTest {
    private static final Path DIRECTORY = Shipped.FILES.resolve("systemd");
    private static final Map<String, List<String>> UNIT = unit();

    private static Map<String, List<String>> unit() {
        Map<String, List<String>> unit = new LinkedHashMap<>();
        String section = "";
        for (String line :
                Shipped.read(DIRECTORY.resolve("statehouse.service")).lines().toList()) {
            if (line.startsWith("[")) {
                section = line;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                unit.computeIfAbsent(section + line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return unit;
    }

    private static String service(String key) {
        var values = UNIT.getOrDefault("[Service]" + key, List.of());
        assertThat(values).as(key).hasSize(1);
        return values.getFirst();
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        Stream.concat(
                        Stream.of(service("Environment")),
                        Shipped.read(DIRECTORY.resolve("statehouse.env")).lines())
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line ->
                        environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return environment;
    }

    @Test
    void theNodeItStartsIsWellConfigured() {
        var config = Shipped.config(environment());

        assertThat(config.members()).hasSize(3);
        assertThat(config.security().raft()).isNotNull();
        assertThat(config.dataDirectory()).startsWithRaw(Path.of("/var/lib", service("StateDirectory")));
        assertThat(service("ExecStart")).isEqualTo("/opt/statehouse/bin/statehoused");
        assertThat(service("EnvironmentFile")).isEqualTo("/etc/statehouse/statehouse.env");
    }

    @Test
    void aNodeThatIsRefusedIsNotStartedAgain() {
        var never =
                Arrays.stream(service("RestartPreventExitStatus").split(" ")).map(Integer::valueOf);

        assertThat(never)
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                ExitCode.BAD_CONFIGURATION,
                                ExitCode.IDENTITY_REFUSED,
                                ExitCode.LOG_DAMAGED,
                                ExitCode.METADATA_DAMAGED,
                                ExitCode.BACKUP_REFUSED,
                                ExitCode.REMOVED)
                        .map(ExitCode::number)
                        .toList());
        assertThat(service("Restart")).isEqualTo("on-failure");
    }

    @Test
    void itMayDoLittleBesideItsWork() {
        assertThat(service("User")).isNotEqualTo("root");
        assertThat(service("NoNewPrivileges")).isEqualTo("yes");
        assertThat(service("CapabilityBoundingSet")).isEmpty();
        assertThat(service("ProtectSystem")).isEqualTo("strict");
        assertThat(service("StateDirectoryMode")).isEqualTo("0700");
        assertThat(service("UMask")).isEqualTo("0077");
        assertThat(UNIT.get("[Service]SystemCallFilter")).containsExactly("@system-service", "~@privileged");
        // Java compiles as it runs.
        assertThat(UNIT).doesNotContainKey("[Service]MemoryDenyWriteExecute");
    }
}
