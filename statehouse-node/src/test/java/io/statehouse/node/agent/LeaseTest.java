package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.node.TestNode;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static TestNode node;
    private static ExecutorService threads;
    private Rpc rpc;

    @BeforeAll
    static void start() {
        node = TestNode.start();
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        node.close();
    }

    @BeforeEach
    void make() {
        rpc = new Rpc(node.httpPort());
    }

    @AfterEach
    void close() {
        rpc.close();
    }

    private JsonNode acquire(String holder, String resources, String more) {
        return rpc.call("lease.acquire", "{\"resources\":" + resources + ",\"holder\":\"" + holder + "\"" + more + "}");
    }

    private static boolean isGranted(JsonNode answer) {
        return JsonWriter.text(answer).contains("\"granted\":true");
    }

    private static long token(JsonNode answer) {
        return Long.parseLong(Rpc.text(
                Rpc.items(Objects.requireNonNull(Rpc.member(answer, "leases"))).get(0), "token"));
    }

    private static String fence(String resource, long token) {
        return "{\"fences\":[{\"resource\":\"" + resource + "\",\"token\":" + token + "}]";
    }

    @Test
    void allResourcesAreTakenOrNone() {
        assertThat(isGranted(acquire("a", "[\"x\",\"y\"]", ""))).isTrue();
        assertThat(isGranted(acquire("b", "[\"z\",\"y\"]", ""))).isFalse();
        assertThat(isGranted(acquire("c", "[\"z\"]", ""))).isTrue();
    }

    @Test
    void eachTokenIsLargerThanAllBefore() {
        long last = 0;
        for (int round = 0; round < 5; round++) {
            long token = token(acquire("a", "[\"x\"]", ""));
            assertThat(token).isGreaterThan(last);
            last = token;
            rpc.call("lease.release", fence("x", token) + "}");
        }
        assertThat(rpc.error("lease.release", fence("x", last) + "}")).contains("is not the caller's any more");
    }

    @Test
    void aLeaseThatIsNotRenewedIsOverByLogTimeAndItsTokenIsRefused() {
        long first = token(acquire("a", "[\"x\"]", ""));
        rpc.call("lease.renew", fence("x", first) + ",\"holder\":\"a\",\"ttl_ms\":1}");

        await().until(() -> isGranted(acquire("b", "[\"x\"]", "")));

        assertThat(rpc.error("lease.renew", fence("x", first) + ",\"holder\":\"a\"}"))
                .contains("is not the caller's any more");
    }

    @Test
    void whoWaitsIsServedInOrder() throws Exception {
        long token = token(acquire("a", "[\"x\",\"y\"]", ""));
        var first = waiting("b", "[\"y\",\"x\"]", 1);
        var second = waiting("c", "[\"x\"]", 2);
        assertThat(isGranted(acquire("d", "[\"x\"]", ""))).isFalse();

        rpc.call(
                "lease.release",
                "{\"fences\":[{\"resource\":\"x\",\"token\":" + token + "},{\"resource\":\"y\",\"token\":" + token
                        + "}]}");

        JsonNode granted = first.get();
        assertThat(isGranted(granted)).isTrue();
        assertThat(second).isNotDone();
        assertThat(isGranted(acquire("d", "[\"x\"]", ""))).isFalse();
        long y = token(granted);
        rpc.call(
                "lease.release",
                "{\"fences\":[{\"resource\":\"y\",\"token\":" + y + "},{\"resource\":\"x\",\"token\":" + y + "}]}");
        assertThat(isGranted(second.get())).isTrue();
    }

    private CompletableFuture<JsonNode> waiting(String holder, String resources, int length) {
        var future = CompletableFuture.supplyAsync(() -> acquire(holder, resources, ",\"wait_ms\":60000"), threads);
        await().until(() -> Rpc.text(rpc.call("lease.get", "{\"resource\":\"x\"}"), "waiting")
                .equals("" + length));
        return future;
    }

    @Test
    void whoseWaitIsOverLeavesTheQueue() {
        long token = token(acquire("a", "[\"x\"]", ""));
        assertThat(isGranted(acquire("b", "[\"x\"]", ",\"wait_ms\":200"))).isFalse();
        rpc.call("lease.release", fence("x", token) + "}");

        assertThat(isGranted(acquire("c", "[\"x\"]", ""))).isTrue();
    }

    @Test
    void aResourceWhoseNameBeginsAnothersHasAQueueOfItsOwn() {
        long token = token(acquire("a", "[\"x/y\"]", ""));
        assertThat(isGranted(acquire("b", "[\"x/y\"]", ",\"wait_ms\":1"))).isFalse();
        rpc.call("lease.release", fence("x/y", token) + "}");

        assertThat(isGranted(acquire("c", "[\"x\"]", ""))).isTrue();
    }

    @Test
    void badWishesAreNamed() {
        for (String params : List.of("{\"holder\":\"a\"}", "{\"resources\":[\"\"],\"holder\":\"a\"}")) {
            assertThat(rpc.error("lease.acquire", params)).contains("resources");
        }
        assertThat(rpc.error("lease.acquire", "{\"resources\":[\"x\"],\"holder\":\"a\",\"ttl_ms\":0}"))
                .contains("ttl_ms");
        assertThat(rpc.error("lease.release", "{\"fences\":[]}")).contains("fences");
    }
}
