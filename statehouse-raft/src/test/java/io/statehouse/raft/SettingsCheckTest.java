package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsCheckTest {
    private static final Path RAFT = Path.of("/var/lib/statehouse/raft");

    @Test
    void theSettingsOfARealMemberAreSafe() {
        assertThatCode(() -> SettingsCheck.check(settings(), RAFT)).doesNotThrowAnyException();
    }

    static Stream<Map.Entry<String, String>> unsafe() {
        return Stream.of(
                Map.entry("raft.server.storage.dir", "/tmp/raft-server"),
                Map.entry("raft.server.storage.free-space.min", "0MB"),
                Map.entry("raft.server.log.use.memory", "true"),
                Map.entry("raft.server.log.unsafe-flush.enabled", "true"),
                Map.entry("raft.server.log.async-flush.enabled", "true"),
                Map.entry("raft.server.log.corruption.policy", "WARN_AND_RETURN"),
                Map.entry("raft.server.read.leader.lease.enabled", "true"),
                Map.entry("raft.server.read.leader.heartbeat-check.enabled", "false"),
                Map.entry("raft.server.read.read-index.type", "REPLIED_INDEX"),
                Map.entry("raft.server.leaderelection.pre-vote", "false"),
                Map.entry("raft.server.leaderelection.member.majority-add", "true"),
                Map.entry("raft.server.rpc.timeout.max", "1000ms"),
                Map.entry("raft.server.log.appender.buffer.byte-limit", "4MB"),
                Map.entry("raft.server.log.write.buffer.size", "8MB"),
                Map.entry("raft.grpc.message.size.max", "17MB"),
                Map.entry("raft.server.log.preallocated.size", "65MB"),
                Map.entry("raft.server.log.appender.install.snapshot.enabled", "true"),
                Map.entry("raft.server.log.purge.upto.snapshot.index", "false"),
                Map.entry("raft.server.log.purge.preservation.log.num", "0"),
                Map.entry("raft.server.snapshot.auto.trigger.enabled", "true"));
    }

    @ParameterizedTest
    @MethodSource("unsafe")
    void anUnsafeSettingIsRefusedByItsName(Map.Entry<String, String> setting) {
        RaftProperties properties = settings();
        properties.set(setting.getKey(), setting.getValue());

        assertThatThrownBy(() -> SettingsCheck.check(properties, RAFT))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
                .hasMessageContaining(setting.getKey());
    }

    private static RaftProperties settings() {
        var self = new Member("n1", "127.0.0.1:50061", "127.0.0.1:50051");
        return RaftSettings.of(RaftOptions.of(self, List.of(self), RAFT, FirstStart.REFUSED), RAFT);
    }
}
