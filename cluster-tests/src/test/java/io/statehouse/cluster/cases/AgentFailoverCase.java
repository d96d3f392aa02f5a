package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.AgentClient;
import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import io.statehouse.client.Lease;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.statemachine.FeatureLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaders are killed under the agent layer: what it promises once happens once. */
class AgentFailoverCase {
    private static final int CALLERS = 100;
    private static final int APPENDS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static ProcessCluster cluster;
    private static ExecutorService threads;
    private StatehouseClient connection;
    private StatehouseClient client;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start("agent-failover");
        try (StatehouseClient client = cluster.client()) {
            Await.until("the cluster uses lists and edits", PATIENCE, () -> levelOf(client) >= FeatureLevel.EDITS);
        }
        threads = Executors.newCachedThreadPool();
    }

    private static int levelOf(StatehouseClient client) {
        try {
            return client.admin().clusterStatus().featureLevel();
        } catch (StatehouseException e) {
            return 0;
        }
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        cluster.close();
    }

    @BeforeEach
    void connect() {
        connection = cluster.client();
        client = connection.withTimeout(PATIENCE);
    }

    @AfterEach
    void close() {
        connection.close();
    }

    /** Kills the leader once some of the work is done, and brings it back when all is. */
    private static void underKill(List<Future<?>> work) throws Exception {
        Await.until("some of the work is done", PATIENCE, () -> work.stream().anyMatch(Future::isDone));
        var victim = cluster.awaitLeader();
        victim.kill();
        for (Future<?> part : work) {
            part.get();
        }
        victim.start(false);
        cluster.awaitReady();
    }

    private static long number(Json answer) {
        return ((Number) Objects.requireNonNull(answer.toMap().get("sequence_number"))).longValue();
    }

    private static String id(Json answer) {
        return String.valueOf(answer.toMap().get("id"));
    }

    @Test
    void hundredParallelCallsOfOneKeyWithTheLeaderKilledMakeOneExecution() throws Exception {
        AgentClient agents = client.agentLayer();
        String user = id(agents.execute("create_user", Map.of("username", "ada")));
        String session = id(agents.execute("create_session", Map.of("user_id", user)));
        String goal = id(agents.execute(
                "create_goal", Map.of("user_id", user, "session_id", session, "title", "send the mail")));
        var params =
                Map.of("user_id", user, "session_id", session, "goal_id", goal, "tool_name", "mail", "tool_input", "x");
        Set<String> ids = ConcurrentHashMap.newKeySet();
        List<Future<?>> work = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            work.add(threads.submit(() -> ids.add(id(agents.execute("execute_tool_idempotent", params)))));
        }

        underKill(work);

        assertThat(ids).hasSize(1);
        assertThat(id(agents.execute("execute_tool_idempotent", params))).isIn(ids);
    }

    @Test
    void appendsUnderAKilledLeaderAreNumberedWithoutAGap() throws Exception {
        AgentClient agents = client.agentLayer();
        agents.execute("events.create_session", Map.of("id", "gapless"));
        var event = Map.of("session_id", "gapless", "type", "custom", "metadata", Map.of("tokens_in", 1));
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        List<Future<?>> work = new ArrayList<>();
        for (int append = 0; append < APPENDS; append++) {
            work.add(threads.submit(() -> numbers.add(number(agents.execute("events.append", event)))));
        }

        underKill(work);

        assertThat(new TreeSet<>(numbers))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, APPENDS).boxed().toList());
        assertThat(agents.query("events.state", Map.of("id", "gapless")).toMap().get("event_count"))
                .isEqualTo((long) APPENDS);
    }

    @Test
    void anEffectThatManyAskForHappensOnceWithTheLeaderKilled() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        Json mail = Json.parse("{\"to\":\"ada\"}");
        Set<String> outcomes = ConcurrentHashMap.newKeySet();
        List<Future<?>> work = new ArrayList<>();
        for (int caller = 0; caller < CALLERS / 5; caller++) {
            var tools = client.agentLayer().tools("worker-" + caller);
            work.add(threads.submit(() -> outcomes.add(
                    tools.once("send_email", mail, () -> Json.parse("{\"number\":" + sent.incrementAndGet() + "}"))
                            .text())));
        }

        underKill(work);

        assertThat(sent).hasValue(1);
        assertThat(outcomes).containsExactly("{\"number\":1}");
    }

    @Test
    void aStaleTokenIsRefusedAfterAFailoverToo() {
        var first = client.agentLayer().leases("one");
        Lease old = first.tryAcquire(LEASE, "report").orElseThrow();
        cluster.awaitLeader().kill();
        cluster.startAll();
        Lease taken = client.agentLayer().leases("two").takeOver(LEASE, "report");

        assertThat(taken.token()).isGreaterThan(old.token());
        assertThatExceptionOfType(StatehouseException.Refused.class)
                .isThrownBy(() -> client.commit(report("late", old)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(RefusalCode.FENCED));
        client.commit(report("in time", taken));
        assertThat(client.get("reports", "latest").value()).isEqualTo(Json.of("in time"));
    }

    private static Commit report(String text, Lease lease) {
        return Commit.builder()
                .put(StateKey.of("reports", "latest"), Json.of(text))
                .fence(lease)
                .build();
    }
}
