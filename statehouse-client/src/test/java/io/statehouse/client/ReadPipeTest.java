package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.proto.v1.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadPipeTest {
    private static final int READS = 2_000;
    private static final Json VALUE = Json.parse("1");

    @Test
    void readsThatAreUnderWayTogetherShareOneCall() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", VALUE);

            var entries = all(get(client, READS));

            assertThat(entries).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));
            assertThat(cluster.node(0).reads().streams).hasValue(1);
            assertThat(cluster.node(0).reads().reads.get()).isGreaterThan(READS / 2);
        }
    }

    @Test
    void aReadThatIsAloneHasACallOfItsOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.get("ada", "task");
            client.get("ada", "task");

            assertThat(cluster.node(0).reads().streams).hasValue(0);
        }
    }

    @Test
    void whatWasUnderWayWhenTheNodeDiedIsReadFromTheOther() {
        try (var cluster = new FakeCluster(2);
                var client = cluster.connect()) {
            cluster.lead(cluster.node(0));
            client.put("ada", "task", VALUE);
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;
            var underWay = get(client, READS);
            cluster.node(1).deed = FakeNode.Deed.ANSWER;
            cluster.node(0).die();

            assertThat(all(underWay)).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));
        }
    }

    @Test
    void aNodeThatDoesNotStreamIsAskedByCallsOfTheirOwn() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            client.put("ada", "task", VALUE);
            cluster.node(0).reads().isUnknown = true;

            assertThat(all(get(client, READS))).hasSize(READS).allMatch(entry -> VALUE.equals(entry.value()));

            assertThat(cluster.node(0).reads().reads).hasValue(0);
        }
    }

    @Test
    void whoIsNotLetInHearsItAtOnce() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect()) {
            cluster.node(0).reads().refusal = FakeNode.error(ErrorCode.PERMISSION_DENIED, "you may not", Map.of());

            var ends = ends(get(client, READS));

            // A few went before there was company, by calls of their own.
            assertThat(ends)
                    .filteredOn(end -> end instanceof StatehouseException.Refused)
                    .hasSizeGreaterThan(READS / 2);
            assertThat(ends).noneMatch(StatehouseException.Unavailable.class::isInstance);
        }
    }

    @Test
    void whatIsNotAnsweredInTimeIsUnavailable() {
        try (var cluster = new FakeCluster(1);
                var client = cluster.connect(
                        o -> o.callTimeout(Duration.ofMillis(600)).tryTimeout(Duration.ofMillis(200)))) {
            cluster.node(0).deed = FakeNode.Deed.BE_SILENT;

            var ends = ends(get(client, 10));

            assertThat(ends).hasSize(10).allMatch(StatehouseException.Unavailable.class::isInstance);
        }
    }

    /** How each has failed; null where it has not. */
    private static List<@Nullable Throwable> ends(List<CompletableFuture<Entry>> reads) {
        var ends = new ArrayList<@Nullable Throwable>();
        for (var read : reads) {
            Throwable failure = read.handle((entry, thrown) -> thrown).join();
            ends.add(failure instanceof CompletionException ? failure.getCause() : failure);
        }
        return ends;
    }

    private static List<CompletableFuture<Entry>> get(StatehouseClient client, int times) {
        var reads = new ArrayList<CompletableFuture<Entry>>();
        for (int i = 0; i < times; i++) {
            reads.add(client.getAsync("ada", "task"));
        }
        return reads;
    }

    private static List<Entry> all(List<CompletableFuture<Entry>> reads) {
        return reads.stream().map(CompletableFuture::join).toList();
    }
}
