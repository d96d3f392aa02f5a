package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Entry;
import io.statehouse.client.Event;
import io.statehouse.client.Json;
import io.statehouse.client.Range;
import io.statehouse.client.Read;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any JSON text comes back byte for byte: from every node, by every way of asking, after a snapshot install too. */
class JsonRoundTripCase {
    private static final String AGENT = "ada";
    private static final int VALUES = 200;

    private static final Map<String, String> WRITTEN = new TreeMap<>();
    private static ProcessCluster cluster;
    private static NodeProcess rebuilt;

    // One follower is away while everything is written, and gets it all by snapshot.
    @BeforeAll
    static void writeEverything() {
        cluster = ProcessCluster.start("json-round-trip", LittleLog.SETTINGS);
        rebuilt = cluster.awaitFollower();
        rebuilt.kill();
        var json = new RandomJson(Seed.of("JsonRoundTripCase").random(0));
        try (var client = cluster.client()) {
            for (int i = 0; i < VALUES; i++) {
                var key = "value-" + i;
                WRITTEN.put(key, i % 2 == 0 ? json.any() : json.object());
                client.put(AGENT, key, Json.parse(WRITTEN.get(key)));
            }
            var filler = Json.parse("\"" + "x".repeat(2_000) + "\"");
            LittleLog.outgrow(cluster, () -> client.put("filler", "key", filler));
        }
        rebuilt.start(false);
        cluster.awaitReady();
        cluster.awaitCaughtUp();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void getReturnsTheTextThatWasWritten() {
        forEachNode((node, client) ->
                WRITTEN.forEach((key, text) -> assertThat(client.get(StateKey.of(AGENT, key), Read.local())
                                .require()
                                .text())
                        .as("%s on %s", key, node)
                        .isEqualTo(text)));
    }

    @Test
    void scanReturnsTheTextThatWasWritten() {
        forEachNode((node, client) -> assertThat(client.scan(Range.of(AGENT).read(Read.local())).stream()
                        .collect(Collectors.toMap(
                                Entry::key, entry -> entry.require().text())))
                .as("on %s", node)
                .isEqualTo(WRITTEN));
    }

    @Test
    void replayReturnsTheTextThatWasWritten() {
        forEachNode((node, client) -> {
            try (var replay = client.replay(ReplayQuery.of(AGENT).read(Read.local()));
                    var events = replay.stream()) {
                assertThat(events.map(Event::operations)
                                .map(operations -> operations.get(0))
                                .collect(Collectors.toMap(
                                        operation -> operation.key().key(),
                                        operation -> operation.value() == null
                                                ? ""
                                                : operation.value().text())))
                        .as("on %s", node)
                        .isEqualTo(WRITTEN);
            }
        });
    }

    @Test
    void dumpHoldsTheValuesThatWereWritten(@TempDir Path scratch) throws Exception {
        var file = scratch.resolve("dump.json");
        var process = Distribution.assemble()
                .command("statehousectl", "--address", rebuilt.api(), "dump", AGENT, "-o", file.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();

        var dumped = Json.parse(Files.readString(file)).toMap();

        assertThat(dumped.keySet()).isEqualTo(WRITTEN.keySet());
        WRITTEN.forEach((key, text) -> assertThat(((Map<?, ?>) Objects.requireNonNull(dumped.get(key))).get("value"))
                .as(key)
                .isEqualTo(Json.parse(text).toJava()));
    }

    @Test
    void theRebuiltNodeGotItBySnapshot() throws IOException {
        assertThat(Files.readString(rebuilt.log())).contains("snapshot installed");
    }

    private interface Check {
        void check(NodeProcess node, StatehouseClient client);
    }

    private static void forEachNode(Check check) {
        for (var node : cluster.nodes()) {
            try (var client = cluster.clientOf(node)) {
                check.check(node, client);
            }
        }
    }
}
