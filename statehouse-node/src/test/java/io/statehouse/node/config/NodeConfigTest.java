package io.statehouse.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.raft.Member;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
    private static final String MEMBERS =
            "n1=127.0.0.1:50061/127.0.0.1:50051, n2=127.0.0.1:50062/127.0.0.1:50052,n3=127.0.0.1:50063/127.0.0.1:50053";

    private static NodeConfig config(Map<Setting, String> flags) {
        return NodeConfig.from(Settings.resolve(flags, Map.of(), null));
    }

    private static void refused(Map<Setting, String> flags, String... words) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> config(flags))
                .satisfies(refusal -> assertThat(refusal).message().contains(words));
    }

    @Test
    void withoutAnySettingANodeIsAloneOnLoopback() {
        NodeConfig config = config(Map.of());

        assertThat(config.self()).isEqualTo(new Member("n1", "127.0.0.1:50061", "127.0.0.1:50051"));
        assertThat(config.members()).containsExactly(config.self());
        assertThat(config.apiAddress()).hasToString("127.0.0.1:50051");
        assertThat(config.httpAddress()).hasToString("127.0.0.1:3030");
        assertThat(config.isInMemory()).isFalse();
        assertThat(config.limits()).isEqualTo(NodeLimits.DEFAULT);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aMemberListensWhereTheListSaysUnlessToldOtherwise() {
        NodeConfig listed = config(Map.of(Setting.MEMBERS, MEMBERS, Setting.NODE_ID, "n2"));
        NodeConfig told = config(Map.of(
                Setting.MEMBERS, MEMBERS, Setting.NODE_ID, "n2", Setting.ADDR, "0.0.0.0:50051", Setting.INSECURE, "1"));

        assertThat(listed.apiAddress()).hasToString("127.0.0.1:50052");
        assertThat(told.apiAddress()).hasToString("0.0.0.0:50051");
        assertThat(told.self().apiAddress()).isEqualTo("127.0.0.1:50052");
        assertThat(told.members()).hasSize(3);
    }

    @Test
    void whereSpansAreSentMustBeAUrl() {
        assertThat(config(Map.of()).spans()).isNull();
        assertThat(config(Map.of(Setting.OTEL_ENDPOINT, "https://collector:4318/v1/traces"))
                        .spans())
                .isEqualTo(new SpanTarget(java.net.URI.create("https://collector:4318/v1/traces"), 100));
        for (String wrong : new String[] {"collector:4318", "ftp://collector/v1", "http://", "no url"}) {
            refused(Map.of(Setting.OTEL_ENDPOINT, wrong), "otel.endpoint", "http://collector:4318/v1/traces", wrong);
        }
        refused(Map.of(Setting.OTEL_SAMPLE_PERCENT, "101"), "otel.sample.percent");
    }

    @Test
    void anAddressBeyondLoopbackMustBeAskedFor() {
        refused(Map.of(Setting.ADDR, "0.0.0.0:50051"), "addr", "tls.cert", "--insecure");
        refused(Map.of(Setting.HTTP_ADDR, "10.0.0.1:3030"), "http.addr", "--insecure");
        config(Map.of(Setting.ADDR, "[::1]:50051"));
        config(Map.of(Setting.ADDR, "localhost:50051"));
        config(Map.of(Setting.ADDR, "0.0.0.0:50051", Setting.INSECURE, "true"));
    }

    @Test
    void aProtectionThatIsOnlyHalfAskedForIsRefused() {
        refused(Map.of(Setting.TLS_CERT, "n1.pem"), "tls.cert", "tls.key");
        refused(Map.of(Setting.TLS_CA, "ca.pem"), "tls.ca", "tls.cert");
        refused(Map.of(Setting.TLS_CLIENT_AUTH, "true"), "tls.client.auth", "tls.ca");
        refused(Map.of(Setting.RAFT_TLS_CERT, "n1.pem", Setting.RAFT_TLS_KEY, "n1-key.pem"), "raft.tls.ca");
        refused(Map.of(Setting.AUTH_BOOTSTRAP, "x".repeat(32)), "auth.bootstrap", "auth is off");
        refused(Map.of(Setting.AUTH, "true", Setting.AUTH_BOOTSTRAP, "short"), "auth.bootstrap", "32");
    }

    @Test
    void aRaftAddressBeyondLoopbackMustBeAskedForOrProtected() {
        Map<Setting, String> open = Map.of(Setting.RAFT_ADDR, "10.0.0.1:50061");
        refused(open, "raft.addr", "raft.tls.cert", "--insecure");
        config(Map.of(
                Setting.RAFT_ADDR,
                "10.0.0.1:50061",
                Setting.RAFT_TLS_CERT,
                "n1.pem",
                Setting.RAFT_TLS_KEY,
                "n1-key.pem",
                Setting.RAFT_TLS_CA,
                "ca.pem"));
    }

    @ParameterizedTest
    @CsvSource({
        "NODE_ID, a/b",
        "NODE_ID, ''",
        "ADDR, localhost",
        "ADDR, 127.0.0.1:65536",
        "ADDR, 127.0.0.1:port",
        "TX_TIMEOUT_MS, 0",
        "TX_TIMEOUT_MS, soon",
        "USE_MEMORY, maybe",
        "LOG_FORMAT, xml",
        "VALUE_BYTES_MAX, 1048577",
        "JSON_DEPTH_MAX, 201",
        "CALLS_MAX, -1"
    })
    void aBadTextIsRefusedWithTheSettingsName(String name, String text) {
        Setting setting = Setting.valueOf(name);

        refused(Map.of(setting, text), setting.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n1",
                "n1=127.0.0.1:1",
                "n1=127.0.0.1:1/127.0.0.1",
                "n1=a:1/a:2,n1=a:3/a:4",
                "n1=a:1/a:2,n2=a:1/a:3",
                "n2=a:1/a:2",
                "n1=a:1/a:2,,"
            })
    void aBadMemberListIsRefused(String members) {
        refused(Map.of(Setting.MEMBERS, members), "members");
    }

    @Test
    void contradictionsAreRefused() {
        refused(Map.of(Setting.MEMBERS, MEMBERS, Setting.USE_MEMORY, "1"), "use.memory");
        refused(Map.of(Setting.MEMBERS, MEMBERS, Setting.RAFT_ADDR, "127.0.0.1:1"), "raft.addr", "127.0.0.1:50061");
        refused(
                Map.of(Setting.ELECTION_TIMEOUT_MIN_MS, "2000", Setting.ELECTION_TIMEOUT_MAX_MS, "1000"),
                "election.timeout.min.ms");
    }

    @Test
    void memoryIsOffForEmptyZeroAndFalse() {
        for (String off : new String[] {"", "0", "false"}) {
            assertThat(config(Map.of(Setting.USE_MEMORY, off)).isInMemory()).isFalse();
        }
        for (String on : new String[] {"1", "true"}) {
            assertThat(config(Map.of(Setting.USE_MEMORY, on)).isInMemory()).isTrue();
        }
    }

    @Test
    void limitsMayBeStricterThanTheClusters() {
        NodeConfig config = config(Map.of(Setting.VALUE_BYTES_MAX, "10", Setting.TX_TIMEOUT_MS, "50"));

        assertThat(config.limits().core().valueBytesMax()).isEqualTo(10);
        assertThat(config.limits().txTimeout()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void turningFsyncOffIsToldToChangeNothing() {
        assertThat(config(Map.of(Setting.FSYNC_ON_COMMIT, "0")).warnings())
                .singleElement()
                .asString()
                .contains("fsync.on.commit");
    }
}
