package io.statehouse.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.SingleNode;
import io.statehouse.cluster.mutant.AgentJar;
import io.statehouse.raft.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes writes and cannot keep them: what was not forced was not acknowledged, and the node ends. */
class FailingSyncTest {
    private static final int BEFORE = 5;
    private static final int DURING = 8;
    private static final Duration END_MAX = Duration.ofSeconds(20);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    @BeforeEach
    void requireStrace() {
        assumeTrue(
                SyscallInjector.obstacle().isEmpty(),
                () -> "no system calls can be injected here: " + SyscallInjector.obstacle());
    }

    @Test
    void aNodeWhoseLogCannotBeForcedAcknowledgesNothingMoreAndEnds() {
        try (var node = SingleNode.in(directory, Map.of()).found()) {
            int acknowledged = 0;
            try (var client = hasty(node)) {
                putBefore(node);
                try (var injector =
                        SyscallInjector.attach(node.node().pid(), Injection.failing(Injection.SYNCS, "EIO"))) {
                    acknowledged = acknowledged(client, DURING);
                    assertThat(injector.hits()).as("forces that failed").isPositive();
                }
            }
            assertThat(acknowledged).as("acknowledged while no force succeeded").isZero();
            assertThat(node.node().awaitExit(END_MAX)).isEqualTo(ExitCode.STORAGE_FAILED.number());

            try (var client = node.restart().awaitReady().client()) {
                var entry = client.get(StateKey.of("ada", "counter"), Read.linearizable());
                assertThat(entry.version()).isBetween((long) BEFORE, BEFORE + 1L);
            }
        }
    }

    /** The control: what Ratis's asynchronous flush makes of the same fault. */
    @Test
    void underAsynchronousFlushTheSameNodeAcknowledgesWhatNoDiskHas() {
        var options = Map.of("STATEHOUSE_JVM_OPTS", AgentJar.flag(directory, "M8"));
        try (var node = SingleNode.in(directory, options).found();
                var client = hasty(node)) {
            putBefore(node);
            try (var injector = SyscallInjector.attach(node.node().pid(), Injection.failing(Injection.SYNCS, "EIO"))) {
                assertThat(acknowledged(client, DURING)).isPositive();
                assertThat(injector.hits()).isPositive();
            }
        }
    }

    private static void putBefore(SingleNode node) {
        try (var client = node.client()) {
            assertThat(acknowledged(client, BEFORE)).isEqualTo(BEFORE);
        }
    }

    /** So that waiting for answers that never come does not take long. */
    private static StatehouseClient hasty(SingleNode node) {
        return StatehouseClient.connect(
                ClientOptions.of(node.node().api()).callTimeout(CALL_TIMEOUT).tryTimeout(CALL_TIMEOUT));
    }

    private static int acknowledged(StatehouseClient client, int writes) {
        return (int) IntStream.range(0, writes)
                .filter(number -> isAcknowledged(client, number))
                .count();
    }

    private static boolean isAcknowledged(StatehouseClient client, int number) {
        try {
            client.put("ada", "counter", Json.parse(Integer.toString(number)));
            return true;
        } catch (StatehouseException e) {
            return false;
        }
    }
}
