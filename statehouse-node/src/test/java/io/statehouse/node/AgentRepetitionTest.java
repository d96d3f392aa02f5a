package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.RetentionPolicy;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls of the agent layer under ids that were used before, on a node whose clock the test moves. */
class AgentRepetitionTest extends NativeSession {
    private static final HandClock CLOCK = new HandClock();
    private static final String CLAIM = "{\"key\":\"k\",\"tool\":\"t\",\"input\":1,\"holder\":\"a\",\"ttl_ms\":1000}";
    private static ReplicatedLog log;

    private static final String ALICE = "{\"username\":\"alice\",\"display_name\":\"Al\"}";

    private final String id = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        log = SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                CLOCK,
                new SplittableRandom(1));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private String execute(String in, String method, String params) {
        return execute(id, in, method, params);
    }

    private String execute(String txnId, String in, String method, String params) {
        return AgentServiceGrpc.newBlockingStub(client.stub().getChannel())
                .execute(AgentRequest.newBuilder()
                        .setNamespace(in)
                        .setMethod(method)
                        .setParams(ByteString.copyFromUtf8(params))
                        .setTxnId(txnId)
                        .build())
                .getResult()
                .toStringUtf8();
    }

    private void isReused(String in, String method, String params) {
        refused(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ID_REUSED, () -> execute(in, method, params));
    }

    @Test
    void aRepetitionIsAnsweredAlikeInWhateverOrderItsParametersCome() {
        String alice = execute(namespace, "create_user", ALICE);

        assertThat(execute(namespace, "create_user", ALICE)).isEqualTo(alice);
        assertThat(execute(namespace, "create_user", "{\"display_name\":\"Al\",\"username\":\"alice\"}"))
                .isEqualTo(alice);
        assertThat(execute(namespace, "create_user", "[\"alice\",\"Al\"]")).isEqualTo(alice);
    }

    @Test
    void anIdThatAnotherNamespaceUsedIsAnsweredNothingOfIt() {
        execute(namespace, "create_user", ALICE);

        isReused(namespace + "-other", "create_user", ALICE);
    }

    @Test
    void anIdThatWasUsedForAnythingElseIsRefused() {
        execute(namespace, "create_user", ALICE);

        isReused(namespace, "create_user", "{\"username\":\"bob\"}");
        isReused(namespace, "update_goal", "{\"goal\":{\"id\":\"" + UUID.randomUUID() + "\"}}");
    }

    private void finish(String outcome) {
        execute("", namespace, "tools.finish", "{\"key\":\"k\",\"token\":1," + outcome + "}");
    }

    @Test
    void aRepeatedClaimHasItsTokenForAsLongAsItHolds() {
        String granted = execute(namespace, "tools.claim", CLAIM);
        assertThat(granted).contains("\"token\":1");
        assertThat(execute(namespace, "tools.claim", CLAIM)).isEqualTo(granted);

        CLOCK.pass(Duration.ofSeconds(2));
        await().until(() -> !execute(namespace, "tools.claim", CLAIM).contains("token"));
        assertThat(execute(namespace, "tools.claim", CLAIM)).contains("\"status\":\"ambiguous\"");

        finish("\"outcome\":\"succeeded\",\"output\":7");
        assertThat(execute(namespace, "tools.claim", CLAIM))
                .contains("\"status\":\"succeeded\"", "\"output\":7")
                .doesNotContain("token");
    }

    @Test
    void anEffectWhoseClaimIsOverIsSettledBeforeAnybodyElseHasAskedForIt() {
        execute(namespace, "tools.claim", CLAIM);
        CLOCK.pass(Duration.ofSeconds(2));
        await().until(() ->
                execute("", namespace, "tools.get", "{\"key\":\"k\"}").contains("ambiguous"));

        execute("", namespace, "tools.reconcile", "{\"key\":\"k\",\"outcome\":\"succeeded\",\"output\":7}");

        assertThat(execute(namespace, "tools.claim", CLAIM)).contains("\"status\":\"succeeded\"", "\"output\":7");
    }

    @Test
    void aRepeatedClaimOfWhatAnotherHasClaimedSinceHasNoToken() {
        String claim = CLAIM.replace("}", ",\"attempts_max\":2}");
        execute(namespace, "tools.claim", claim);
        finish("\"outcome\":\"failed\"");
        assertThat(execute("", namespace, "tools.claim", claim)).contains("\"token\":2");

        assertThat(execute(namespace, "tools.claim", claim))
                .contains("\"status\":\"running\"", "\"attempt\":2")
                .doesNotContain("token");
    }

    @Test
    void aRepetitionWhoseAnswerRetentionHasErasedIsToldSoOrThePresent() {
        String update = "{\"state_owner\":\"global\",\"state_update\":{\"x\":1}}";
        execute(namespace, "tools.claim", CLAIM);
        finish("\"outcome\":\"succeeded\",\"output\":7");
        execute(id + "-update", namespace, "state.update", update);
        execute("", namespace, "state.update", update);
        keepOneVersion();

        assertThat(execute(namespace, "tools.claim", CLAIM)).contains("\"output\":7");
        refused(
                Status.Code.OUT_OF_RANGE,
                ErrorCode.COMPACTED,
                () -> execute(id + "-update", namespace, "state.update", update));
    }

    private void keepOneVersion() {
        client.past()
                .setRetention(SetRetentionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setPolicy(RetentionPolicy.newBuilder().setKeepVersions(1))
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
        CLOCK.pass(Duration.ofMinutes(1));
        var asked = GetRetentionRequest.newBuilder().setNamespace(namespace).build();
        await().until(() -> client.past().getRetention(asked).getFloorTs() > 0
                && !log.query(machine -> machine.isRetentionDue(CLOCK.millis())));
    }

    @Test
    void anIdOfAPlainCommitIsRefused() {
        commit(id, Transaction.newBuilder().addOperations(put("k", "1")).build());

        isReused(namespace, "create_user", ALICE);
    }
}
