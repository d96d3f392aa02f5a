package io.statehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.Commit;
import io.statehouse.client.Json;
import io.statehouse.client.Lease;
import io.statehouse.client.Leases;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.ToolException;
import io.statehouse.client.ToolOptions;
import io.statehouse.client.Tools;
import io.statehouse.node.EmbeddedStatehouse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent layer as Java sees it, each test in a namespace of its own. */
class AgentClientTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Json MAIL = Json.parse("{\"to\":\"ada\"}");

    private static EmbeddedStatehouse node;
    private static StatehouseClient connection;
    private StatehouseClient client;

    @BeforeAll
    static void start() {
        node = EmbeddedStatehouse.inMemory();
        connection = StatehouseClient.connect(node.address());
    }

    @AfterAll
    static void stop() {
        connection.close();
        node.close();
    }

    @BeforeEach
    void isolate() {
        client = connection.inNamespace("agents-" + UUID.randomUUID());
    }

    private static String id(Json answer) {
        return String.valueOf(answer.toMap().get("id"));
    }

    @Test
    void aCallUnderAnIdIsDoneOnceAndAnsweredAlike() {
        String transactionId = client.newTransactionId();
        var agents = client.agentLayer();

        Json first = agents.execute(transactionId, "create_user", Map.of("username", "ada"));
        Json again = agents.execute(transactionId, "create_user", Map.of("username", "ada"));

        assertThat(again).isEqualTo(first);
        assertThat(agents.query("get_user", Map.of("id", id(first)))).isEqualTo(first);
    }

    @Test
    void anEffectHappensOnceAndAllGetItsOutcome() {
        AtomicInteger sent = new AtomicInteger();
        Tools tools = client.agentLayer().tools("worker");

        Json first = tools.once("send_email", MAIL, () -> Json.of(sent.incrementAndGet()));
        Json second =
                client.agentLayer().tools("other").once("send_email", MAIL, () -> Json.of(sent.incrementAndGet()));

        assertThat(sent).hasValue(1);
        assertThat(second).isEqualTo(first).isEqualTo(Json.of(1));
    }

    @Test
    void anEffectThatFailedIsToldWithWhatItFailedWith() {
        Tools tools = client.agentLayer().tools("worker");

        assertThatExceptionOfType(ToolException.class)
                .isThrownBy(() -> tools.once("send_email", MAIL, () -> {
                    throw new IOException("no route");
                }))
                .withCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(ToolException.class)
                .isThrownBy(() -> tools.once("send_email", MAIL, () -> MAIL))
                .withMessageContaining("no route")
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(ToolException.Reason.FAILED));
    }

    @Test
    void anEffectThatFailedIsTriedAsOftenAsItsOptionsSay() {
        AtomicInteger tried = new AtomicInteger();
        Tools tools = client.agentLayer().tools("worker");
        ToolOptions twice = ToolOptions.DEFAULT.attempts(2, Duration.ZERO);
        Callable<Json> failing = () -> {
            throw new IOException("attempt " + tried.incrementAndGet());
        };

        for (int call = 0; call < 3; call++) {
            assertThatExceptionOfType(ToolException.class)
                    .isThrownBy(() -> tools.once("k", "mail", MAIL, failing, twice))
                    .withMessageContaining("attempt " + Math.min(2, call + 1));
        }

        assertThat(tried).hasValue(2);
    }

    @Test
    void theFirstAttemptOfAKeyThatWasForgottenWaitsLikeAFirst() {
        var agents = client.agentLayer();
        agents.execute(
                "tools.claim", Map.of("key", "k", "tool", "mail", "input", MAIL, "holder", "before", "keep_ms", 1));
        agents.execute("tools.finish", Map.of("key", "k", "token", 1, "outcome", "succeeded"));
        Await.until("the key is forgotten", LONG, () -> isForgotten("k"));
        ToolOptions patient = ToolOptions.DEFAULT.attempts(2, Duration.ofMinutes(15));

        assertThatExceptionOfType(ToolException.class)
                .isThrownBy(() -> agents.tools("worker").once("k", "mail", MAIL, AgentClientTest::fail, patient));

        Object retryAt = agents.query("tools.get", Map.of("key", "k")).toMap().get("retry_at");
        assertThat(Instant.parse(String.valueOf(retryAt)))
                .isBefore(Instant.now().plus(Duration.ofMinutes(20)));
    }

    private boolean isForgotten(String key) {
        try {
            client.agentLayer().query("tools.get", Map.of("key", key));
            return false;
        } catch (StatehouseException.Refused e) {
            return e.code() == RefusalCode.KEY_NOT_FOUND;
        }
    }

    private static Json fail() throws IOException {
        throw new IOException("no route");
    }

    @Test
    void anEffectThatMayHappenTwiceIsGrantedAgainWhenItsClaimerDied() {
        client.agentLayer()
                .execute(
                        "tools.claim",
                        Map.of("key", "k", "tool", "mail", "input", MAIL, "holder", "dead", "ttl_ms", 1));

        assertThat(client.agentLayer()
                        .tools("heir")
                        .once("k", "mail", MAIL, () -> Json.of("done"), ToolOptions.DEFAULT.repeatable()))
                .isEqualTo(Json.of("done"));
    }

    @Test
    void anEffectWhoseClaimerDiedIsAmbiguousUntilSomebodyFindsOut() {
        client.agentLayer()
                .execute(
                        "tools.claim",
                        Map.of("key", "k", "tool", "mail", "input", MAIL, "holder", "dead", "ttl_ms", 1));
        Tools tools = client.agentLayer().tools("heir");

        assertThatExceptionOfType(ToolException.class)
                .isThrownBy(() -> tools.once("k", "mail", MAIL, () -> MAIL))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(ToolException.Reason.AMBIGUOUS));

        tools.reconcile("k", Json.of("it was sent"));
        assertThat(tools.once("k", "mail", MAIL, () -> MAIL)).isEqualTo(Json.of("it was sent"));
    }

    @Test
    void aCommitWithASupersededTokenWritesNothing() {
        Leases one = client.agentLayer().leases("one");
        Lease old = one.tryAcquire(LONG, "report").orElseThrow();
        client.commit(report("first", old));
        assertThat(client.agentLayer().leases("two").tryAcquire(LONG, "report")).isEmpty();
        Lease taken = client.agentLayer().leases("two").takeOver(LONG, "report");

        assertThat(taken.token()).isGreaterThan(old.token());
        assertThatExceptionOfType(StatehouseException.Refused.class)
                .isThrownBy(() -> client.commit(report("late", old)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(RefusalCode.FENCED));
        assertThat(client.get("reports", "latest").value()).isEqualTo(Json.of("first"));
        client.commit(report("in time", taken));
        client.agentLayer().leases("two").release(taken);
        assertThat(one.tryAcquire(LONG, "report")).isPresent();
    }

    private static Commit report(String text, Lease lease) {
        return Commit.builder()
                .put(StateKey.of("reports", "latest"), Json.of(text))
                .fence(lease)
                .build();
    }

    @Test
    void listsSumsAndPatchesArePartsOfOneTransaction() {
        StateKey list = StateKey.of("ada", "notes");
        StateKey total = StateKey.of("ada", "total");
        StateKey plan = StateKey.of("ada", "plan");
        for (int round = 0; round < 3; round++) {
            client.commit(Commit.builder()
                    .append(list, Json.of("note " + round))
                    .add(total, Json.parse("{\"cost\":0.001}"))
                    .mergePatch(plan, Json.parse("{\"step\":" + round + ",\"draft\":null}"))
                    .jsonPatch(plan, Json.parse("[{\"op\":\"test\",\"path\":\"/step\",\"value\":" + round + "}]"))
                    .build());
        }

        assertThat(client.get("ada", list.item(2).key()).value()).isEqualTo(Json.of("note 1"));
        assertThat(client.get("ada", "total").value()).isEqualTo(Json.parse("{\"cost\":0.003}"));
        assertThat(client.get("ada", "plan").value()).isEqualTo(Json.parse("{\"step\":2}"));
        assertThatExceptionOfType(StatehouseException.Refused.class)
                .isThrownBy(() -> client.commit(Commit.builder()
                        .append(list, Json.NULL)
                        .jsonPatch(plan, Json.parse("[{\"op\":\"test\",\"path\":\"/step\",\"value\":7}]"))
                        .build()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(RefusalCode.NOT_APPLICABLE));
        assertThat(client.get("ada", "notes").version()).isEqualTo(3);
    }
}
