package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.Origin;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevertResponse;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RevertTest extends NativeSession {
    private static MeddlingLog log;

    @BeforeAll
    static void start() {
        log = new MeddlingLog(SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1)));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aKeyIsPutBackByANewCommit() {
        long then = commit(put("k", "{\"a\": 1}")).getCommitTs();
        CommitResponse later = commit(put("k", "2"));

        RevertResponse reverted = revert(request("k").setTo(at(then)));

        assertThat(reverted.getCommitTs()).isEqualTo(later.getCommitTs() + 1);
        assertThat(reverted.getChangedKeysList()).containsExactly("k");
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("{\"a\": 1}");
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(3);
    }

    @Test
    void aKeyIsPutBackToAVersionInsideACommit() {
        commit(put("k", "1"), put("k", "2"), put("k", "3"));

        revert(request("k").setToVersion(2));

        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("2");
    }

    @Test
    void anAgentIsPutBackKeyByKeyInOneCommit() {
        long then =
                commit(put("gone", "1"), put("changed", "2"), put("same", "3")).getCommitTs();
        commit(delete("gone"), put("changed", "\"x\""), put("new", "true"));

        RevertResponse reverted = revert(request("").setTo(at(then)));

        assertThat(reverted.getChangedKeysList()).containsExactly("changed", "gone", "new");
        assertThat(get("gone", AS_JSON).getJson().toStringUtf8()).isEqualTo("1");
        assertThat(get("changed", AS_JSON).getJson().toStringUtf8()).isEqualTo("2");
        assertThat(get("new", AS_JSON).getExists()).isFalse();
        assertThat(get("same", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void theEventOfARevertSaysWhatWasAskedAndWhatItRestored() {
        long then = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));

        revert(request("k").setTo(at(then)).setOrigin(Origin.newBuilder().setActor("ops")));

        ReplayEvent event = client.replay(ADA).get(2);
        assertThat(event.getOrigin().getActor()).isEqualTo("ops");
        assertThat(event.getOrigin().getLabels(0).getValue()).isEqualTo("ada k to commit_ts " + then);
        assertThat(event.getReadSetList())
                .singleElement()
                .satisfies(read -> assertThat(read.getVersion()).isEqualTo(1));
    }

    @Test
    void anIdThatRevertedTheSameInAnotherNamespaceIsNotKnownHere() {
        long then = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));
        RevertRequest.Builder request = request("k").setTo(at(then));
        revert(request);

        refused(
                Status.Code.FAILED_PRECONDITION,
                ErrorCode.TXN_ID_REUSED,
                () -> revert(request.clone().setNamespace("elsewhere")));
    }

    @Test
    void aRevertIsDoneOnceUnderItsId() {
        long then = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));
        RevertRequest.Builder request = request("k").setTo(at(then));

        RevertResponse first = revert(request);
        commit(put("k", "3"));
        RevertResponse again = revert(request);

        assertThat(again).isEqualTo(first.toBuilder().setReplayed(true).build());
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("3");
    }

    @Test
    void anIdThatWasUsedForSomethingElseIsRefused() {
        long then = commit(put("k", "1")).getCommitTs();
        RevertRequest.Builder request = request("k").setTo(at(then));
        revert(request);

        refused(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ID_REUSED, () -> revert(request.setTo(at(then - 1))));
    }

    @Test
    void aKeyThatIsChangedMeanwhileIsAConflict() {
        long then = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));
        meddle("k");
        RevertRequest.Builder request = request("k").setTo(at(then));

        StatusRuntimeException conflict = refused(Status.Code.ABORTED, ErrorCode.CONFLICT, () -> revert(request));

        assertThat(V1Client.errorOf(conflict).getDetailsMap())
                .containsEntry("key", "k")
                .containsEntry("current_version", "3");
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("3");
        revert(request.setTxnId(UUID.randomUUID().toString()));
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("1");
    }

    @Test
    void aKeyOfTheAgentThatIsCreatedOrChangedMeanwhileIsAConflict() {
        long then = commit(put("k", "1"), put("same", "1")).getCommitTs();
        commit(put("k", "2"));

        for (String key : List.of("fresh", "same")) {
            meddle(key);
            StatusRuntimeException conflict = refused(
                    Status.Code.ABORTED,
                    ErrorCode.CONFLICT,
                    () -> revert(request("").setTo(at(then))));
            assertThat(V1Client.errorOf(conflict).getDetailsMap())
                    .containsEntry("key", key)
                    .containsEntry("agent_id", ADA);
        }

        assertThat(revert(request("").setTo(at(then))).getChangedKeysList()).containsExactly("fresh", "k", "same");
        assertThat(get("fresh", AS_JSON).getExists()).isFalse();
        assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo("1");
    }

    @Test
    void aValueComesBackWithTheDeadlineItHad() {
        long then =
                commit(put("k", "1").toBuilder().setTtlMs(3_600_000).build()).getCommitTs();
        long expires = client.replay(ADA).get(0).getOperations(0).getExpiresMs();

        for (TransactionOperation other : List.of(put("k", "2"), put("k", "1"), delete("k"))) {
            commit(other);
            long reverted = revert(request("k").setTo(at(then))).getCommitTs();
            commit(other);
            long agent = revert(request("").setTo(at(then))).getCommitTs();

            assertThat(client.replay(ADA).stream()
                            .filter(event -> event.getCommitTs() == reverted || event.getCommitTs() == agent)
                            .map(event -> event.getOperations(0).getExpiresMs()))
                    .containsExactly(expires, expires);
        }
        assertThat(revert(request("").setTo(at(then))).getChangedKeysList()).isEmpty();
    }

    @Test
    void aValueWhoseDeadlineHasPassedDoesNotComeBack() {
        long then = commit(put("k", "1").toBuilder().setTtlMs(1).build(), put("kept", "1"))
                .getCommitTs();
        long expires = client.replay(ADA).get(0).getOperations(0).getExpiresMs();
        while (commit(put("k", "2")).getWallTimeMs() < expires) {
            Thread.onSpinWait();
        }

        assertThat(revert(request("").setTo(at(then))).getChangedKeysList()).containsExactly("k");
        assertThat(get("k", AS_JSON).getExists()).isFalse();
        assertThat(revert(request("k").setToVersion(1)).getChangedKeysList()).isEmpty();
        assertThat(get("kept", AS_JSON).getVersion()).isEqualTo(1);
    }

    /** Has another caller write to a key of the agent just before the next command. */
    private void meddle(String key) {
        log.commitBeforeTheNext(new CommitTransaction(
                new TxnId(UUID.randomUUID().toString()),
                List.of(new Operation.Put(new Agent(namespace, ADA).key(key), Json.ofTrusted(new byte[] {'3'}))),
                List.of(),
                List.of(),
                io.statehouse.statemachine.command.Origin.NONE));
    }

    @Test
    void nothingToPutBackIsAnEmptyCommit() {
        long then = commit(put("k", "1")).getCommitTs();

        RevertResponse reverted = revert(request("").setTo(at(then)));

        assertThat(reverted.getChangedKeysList()).isEmpty();
        assertThat(reverted.getCommitTs()).isEqualTo(then + 1);
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void aPointThatHasNotHappenedIsRefused() {
        long now = commit(put("k", "1")).getCommitTs();

        refused(
                Status.Code.OUT_OF_RANGE,
                ErrorCode.FUTURE_POINT,
                () -> revert(request("k").setTo(at(now + 100))));
        refused(Status.Code.INVALID_ARGUMENT, ErrorCode.INVALID_REQUEST, () -> revert(request("k")));
        refused(
                Status.Code.NOT_FOUND,
                ErrorCode.VERSION_NOT_FOUND,
                () -> revert(request("k").setToVersion(9)));
    }

    private RevertResponse revert(RevertRequest.Builder request) {
        return client.past().revert(request.build());
    }

    private RevertRequest.Builder request(String key) {
        return RevertRequest.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey(key)
                .setTxnId(UUID.randomUUID().toString());
    }

    private static Point.Builder at(long commitTs) {
        return Point.newBuilder().setCommitTs(commitTs);
    }
}
