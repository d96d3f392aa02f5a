package io.statehouse.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ToolLedgerTest {
    private static final String MAIL = "{\"key\":\"k\",\"tool\":\"mail\",\"input\":{\"to\":\"a\",\"n\":1}";

    @RegisterExtension
    static final AgentNode NODE = new AgentNode();

    private final Rpc rpc = NODE.rpc();

    private JsonNode claim(String holder, String more) {
        return rpc.call("tools.claim", MAIL + ",\"holder\":\"" + holder + "\"" + more + "}");
    }

    private static boolean isClaimed(JsonNode answer) {
        return Rpc.member(answer, "token") != null;
    }

    private void finish(String token, String outcome) {
        rpc.call("tools.finish", "{\"key\":\"k\",\"token\":" + token + "," + outcome + "}");
    }

    @Test
    void ofHundredCallersOneGetsTheClaimAndTheOthersItsOutcome() {
        AtomicInteger claims = new AtomicInteger();
        Rpc.atOnce(100, caller -> {
            if (isClaimed(claim("c" + caller, ""))) {
                claims.incrementAndGet();
            }
        });
        assertThat(claims).hasValue(1);

        finish("1", "\"outcome\":\"succeeded\",\"output\":{\"sent\":true}");

        assertThat(JsonWriter.text(claim("late", "")))
                .contains("\"status\":\"succeeded\"", "\"output\":{\"sent\":true}");
    }

    @Test
    void aDuplicateWaitsForTheOutcome() {
        claim("first", "");
        Thread finisher = Thread.ofVirtual().start(() -> finish("1", "\"outcome\":\"succeeded\",\"output\":7"));

        JsonNode answer = claim("second", ",\"wait_ms\":8000");

        assertThat(Rpc.text(answer, "output")).isEqualTo("7");
        assertThat(finisher).isNotNull();
    }

    @Test
    void afterAKillBetweenEffectAndCheckpointNobodyDoesItAgain() {
        claim("killed", ",\"ttl_ms\":200");

        await().until(() -> Rpc.text(claim("next", ""), "status").equals("ambiguous"));

        assertThat(isClaimed(claim("another", ""))).isFalse();
        rpc.call("tools.reconcile", "{\"key\":\"k\",\"outcome\":\"succeeded\",\"output\":\"found in the outbox\"}");
        assertThat(Rpc.text(claim("last", ""), "output")).isEqualTo("found in the outbox");
        assertThat(rpc.error("tools.reconcile", "{\"key\":\"k\",\"outcome\":\"failed\"}"))
                .contains("not ambiguous");
    }

    @Test
    void theClaimerIsBelievedWhenItComesBack() {
        claim("slow", ",\"ttl_ms\":200");
        await().until(() -> Rpc.text(claim("next", ""), "status").equals("ambiguous"));

        finish("1", "\"outcome\":\"succeeded\",\"output\":1");

        assertThat(Rpc.text(claim("next", ""), "status")).isEqualTo("succeeded");
    }

    @Test
    void aRepeatableEffectIsGrantedOnceMoreAndTheFirstClaimerIsFenced() {
        claim("killed", ",\"ttl_ms\":200,\"is_repeatable\":true");
        await().until(() -> isClaimed(claim("second", ",\"ttl_ms\":200,\"is_repeatable\":true")));

        assertThat(rpc.error("tools.finish", "{\"key\":\"k\",\"token\":1,\"outcome\":\"succeeded\"}"))
                .contains("is not the caller's any more");
        await().until(() ->
                Rpc.text(claim("third", ",\"is_repeatable\":true"), "status").equals("ambiguous"));
    }

    @Test
    void anotherInputUnderTheKeyIsToldAndTheOrderOfMembersIsNoOther() {
        claim("a", "");
        assertThat(rpc.error("tools.claim", "{\"key\":\"k\",\"tool\":\"mail\",\"input\":{},\"holder\":\"b\"}"))
                .contains("another tool or another input");
        rpc.call(
                "tools.claim", "{\"key\":\"k\",\"tool\":\"mail\",\"input\":{\"n\":1.0,\"to\":\"a\"},\"holder\":\"b\"}");
    }

    @Test
    void aFailedEffectIsNotTriedAgainBeforeItsTime() {
        claim("a", ",\"attempts_max\":2");
        finish("1", "\"outcome\":\"failed\",\"error\":\"smtp\",\"retry_after_ms\":3600000");

        assertThat(Rpc.text(claim("b", ",\"attempts_max\":2"), "status")).isEqualTo("failed");
    }

    @Test
    void aFailedEffectIsTriedAgainAsOftenAsAsked() {
        claim("a", ",\"attempts_max\":2");
        finish("1", "\"outcome\":\"failed\",\"error\":\"smtp\",\"retry_after_ms\":1");

        await().until(() -> isClaimed(claim("b", ",\"attempts_max\":2")));

        finish("2", "\"outcome\":\"failed\",\"error\":\"smtp\"");
        assertThat(isClaimed(claim("c", ",\"attempts_max\":2"))).isFalse();
    }

    @Test
    void aClaimThatShowsSignsOfLifeIsKept() {
        claim("a", "");
        rpc.call("tools.renew", "{\"key\":\"k\",\"token\":1,\"ttl_ms\":3600000}");
        assertThat(Rpc.text(claim("b", ""), "status")).isEqualTo("running");
        assertThat(rpc.error("tools.renew", "{\"key\":\"k\",\"token\":2}")).contains("is not the caller's any more");

        rpc.call("tools.renew", "{\"key\":\"k\",\"token\":1,\"ttl_ms\":1}");
        await().until(() -> Rpc.text(claim("b", ""), "status").equals("ambiguous"));
    }

    @Test
    void anEffectThatIsUnderWayIsKeptHoweverShortItsOutcomeIsAndThenForgotten() {
        claim("a", ",\"keep_ms\":1");
        assertThat(Rpc.text(claim("b", ""), "status")).isEqualTo("running");

        finish("1", "\"outcome\":\"succeeded\"");

        await().until(() -> isClaimed(claim("c", ",\"keep_ms\":1")));
    }

    @Test
    void anAmbiguousEffectIsKeptHoweverShortItsOutcomeIs() {
        claim("killed", ",\"ttl_ms\":1,\"keep_ms\":1");
        await().until(() -> Rpc.text(claim("next", ""), "status").equals("ambiguous"));

        // What is over by log time when this is would be so too.
        rpc.call("lease.acquire", "{\"resources\":[\"x\"],\"holder\":\"a\",\"ttl_ms\":1}");
        await().until(() ->
                JsonWriter.text(rpc.call("lease.get", "{\"resource\":\"x\"}")).contains("\"held\":false"));
        assertThat(Rpc.text(claim("last", ""), "status")).isEqualTo("ambiguous");
    }

    @Test
    void theTokenOfAClaimIsLargerThanThoseOfForgottenOnes() {
        claim("slow", ",\"keep_ms\":1");
        finish("1", "\"outcome\":\"succeeded\"");
        AtomicReference<JsonNode> again = new AtomicReference<>();
        await().until(() -> {
            again.set(claim("b", ""));
            return isClaimed(again.get());
        });

        assertThat(Long.parseLong(Rpc.text(again.get(), "token"))).isGreaterThan(1);
        assertThat(Rpc.text(again.get(), "attempt")).isEqualTo("1");
        for (String method : List.of("tools.renew", "tools.finish")) {
            assertThat(rpc.error(method, "{\"key\":\"k\",\"token\":1,\"outcome\":\"failed\"}"))
                    .contains("is not the caller's any more");
        }
    }

    @Test
    void aClaimWhoseTimeIsOverIsNotRenewed() {
        claim("a", ",\"ttl_ms\":1");
        String renewal = "{\"key\":\"k\",\"token\":1,\"ttl_ms\":1}";
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        await().until(() -> {
            answer.set(rpc.answer("tools.renew", renewal));
            return Rpc.member(answer.get(), "error") != null;
        });

        assertThat(JsonWriter.text(answer.get())).contains("is not the caller's any more");
    }

    @Test
    void anInputWithANumberBeyondAllReasonIsRefused() {
        for (String number : List.of("100e2147483647", "1e99999999999", "1e-2147483648")) {
            assertThat(rpc.error("tools.claim", "{\"tool\":\"t\",\"holder\":\"a\",\"input\":[" + number + "]}"))
                    .startsWith("-32602 Invalid params | input: ");
        }
    }

    @Test
    void aTokenMustBeGiven() {
        claim("a", "");
        assertThat(rpc.error("tools.renew", "{\"key\":\"k\"}")).isEqualTo("-32602 Invalid params | token: missing");
    }
}
