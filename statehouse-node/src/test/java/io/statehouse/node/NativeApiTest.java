package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetTransactionRequest;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ResolveTransactionRequest;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.TransactionStatus;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What transactions can do beyond the published contract. */
class NativeApiTest extends NativeSession {
    @Test
    void oneCallCommitsEverything() {
        CommitResponse first = commit(put("a", "1"), put("b", "2"), delete("a"));

        assertThat(first.getVersionsList()).containsExactly(1L, 1L, 2L);
        assertThat(first.getWallTimeMs()).isPositive();
        assertThat(first.getReplayed()).isFalse();
        assertThat(get("b", AS_JSON).getCommitTs()).isEqualTo(first.getCommitTs());
        assertThat(get("a", AS_JSON).getExists()).isFalse();
    }

    @Test
    void anyJsonComesBackByteForByte() {
        for (String json : List.of(
                "9007199254740993", "null", " [1e400, 1.0, -0] ", "\"\\u0041\"", "{\"b\":1,\"a\":{}}", "true")) {
            commit(put("k", json));

            assertThat(get("k", AS_JSON).getJson().toStringUtf8()).isEqualTo(json);
            assertThat(client.stub()
                            .scanPrefix(ScanPrefixRequest.newBuilder()
                                    .setNamespace(namespace)
                                    .setAgentId(ADA)
                                    .setOptions(AS_JSON)
                                    .build())
                            .getEntries(0)
                            .getJson()
                            .toStringUtf8())
                    .isEqualTo(json);
        }
        List<ReplayEvent> events =
                client.replay(client.replayRequest(ADA).setOptions(AS_JSON).build());
        assertThat(events.get(0).getOperations(0).getJson().toStringUtf8()).isEqualTo("9007199254740993");
    }

    @Test
    void aRepeatedCommitGetsTheFirstAnswerAndIsAppliedOnce() {
        Transaction transaction =
                Transaction.newBuilder().addOperations(put("k", "1")).build();
        String txnId = UUID.randomUUID().toString();

        CommitResponse first = commit(txnId, transaction);
        CommitResponse again = commit(txnId, transaction);

        assertThat(again).isEqualTo(first.toBuilder().setReplayed(true).build());
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void anIdIsNotUsedForTwoContents() {
        String txnId = UUID.randomUUID().toString();
        commit(txnId, Transaction.newBuilder().addOperations(put("k", "1")).build());

        refused(
                Status.Code.FAILED_PRECONDITION,
                ErrorCode.TXN_ID_REUSED,
                () -> commit(
                        txnId,
                        Transaction.newBuilder().addOperations(put("k", "2")).build()));
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void aConditionThatDoesNotHoldNamesTheCurrentVersion() {
        CommitResponse current = commit(put("k", "1"));
        List<Condition> failing = List.of(
                on("k").setVersionEquals(0).build(),
                on("k").setExists(false).build(),
                on("k").setUnchangedSince(current.getCommitTs() - 1).build(),
                on("other").setExists(true).build());
        for (Condition condition : failing) {
            StatusRuntimeException failure = refused(
                    Status.Code.ABORTED,
                    ErrorCode.CONFLICT,
                    () -> commit(
                            UUID.randomUUID().toString(),
                            Transaction.newBuilder()
                                    .addOperations(put("k", "2"))
                                    .addConditions(condition)
                                    .build()));
            long version = condition.getKey().equals("k") ? 1 : 0;
            assertThat(V1Client.errorOf(failure).getDetailsMap())
                    .containsEntry("key", condition.getKey())
                    .containsEntry("current_version", Long.toString(version));
            assertThat(failure).hasMessageContaining("current version is " + version);
        }
        assertThat(get("k", AS_JSON).getVersion()).isEqualTo(1);
    }

    @Test
    void conditionsThatHoldLetTheTransactionPass() {
        CommitResponse current = commit(put("k", "1"));

        CommitResponse next = commit(
                UUID.randomUUID().toString(),
                Transaction.newBuilder()
                        .addOperations(put("k", "2"))
                        .addConditions(on("k").setVersionEquals(1))
                        .addConditions(on("k").setExists(true))
                        .addConditions(on("k").setUnchangedSince(current.getCommitTs()))
                        .addConditions(on("other").setExists(false))
                        .build());

        assertThat(next.getVersionsList()).containsExactly(2L);
    }

    @Test
    void anAgentThatWasWrittenToSinceIsAConflictThatNamesTheKey() {
        long then = commit(put("k", "1")).getCommitTs();
        CommitResponse now = commit(put("new", "1"));

        StatusRuntimeException conflict =
                refused(Status.Code.ABORTED, ErrorCode.CONFLICT, () -> commit(since(then, put("k", "2"))));
        assertThat(V1Client.errorOf(conflict).getDetailsMap())
                .containsEntry("key", "new")
                .containsEntry("current_version", "1");
        assertThat(commit(since(now.getCommitTs(), put("k", "2"))).getVersionsList())
                .containsExactly(2L);
        assertThat(commit(since(Long.MAX_VALUE, put("k", "3"))).getVersionsList())
                .containsExactly(3L);
    }

    @Test
    void aDeadlineIsGivenInOneWayOnly() {
        TransactionOperation until =
                put("k", "1").toBuilder().setExpiresMs(Long.MAX_VALUE).build();

        commit(until);
        assertThat(client.replay(ADA).get(0).getOperations(0).getExpiresMs()).isEqualTo(Long.MAX_VALUE);
        commit(until.toBuilder().setExpiresMs(1).build());
        assertThat(get("k", AS_JSON).getExists()).isFalse();
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> commit(until.toBuilder().setTtlMs(5).build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> commit(until.toBuilder().setExpiresMs(-1).build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> commit(
                        UUID.randomUUID().toString(),
                        Transaction.newBuilder()
                                .addConditions(on("k").setAgentUnchangedSince(1))
                                .build()));
    }

    private Transaction since(long commitTs, TransactionOperation operation) {
        return Transaction.newBuilder()
                .addOperations(operation)
                .addConditions(on("").setAgentUnchangedSince(commitTs))
                .build();
    }

    private CommitResponse commit(Transaction transaction) {
        return commit(UUID.randomUUID().toString(), transaction);
    }

    @Test
    void aReadMayAskForNoMoreThanACommitOrForNothing() {
        CommitResponse commit = commit(put("k", "1"));

        for (ReadOptions.Builder options : List.of(
                ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setAtLeastCommitTs(commit.getCommitTs()),
                ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))) {
            assertThat(get("k", options.build()).getVersion()).isEqualTo(1);
        }
    }

    @Test
    void theFateOfAnIdCanBeAskedAndSettled() {
        String committed = UUID.randomUUID().toString();
        CommitResponse commit = commit(
                committed, Transaction.newBuilder().addOperations(put("k", "1")).build());
        String refused = UUID.randomUUID().toString();
        refused(
                Status.Code.ABORTED,
                ErrorCode.CONFLICT,
                () -> commit(
                        refused,
                        Transaction.newBuilder()
                                .addConditions(on("k").setExists(false))
                                .build()));
        String never = UUID.randomUUID().toString();
        String staged = client.begin();

        assertThat(fate(committed)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_COMMITTED);
        assertThat(fate(refused)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_REFUSED);
        assertThat(fate(never)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_UNKNOWN);
        assertThat(fate(staged)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_STAGED);
        assertThat(resolve(never)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_ABORTED);
        assertThat(resolve(committed)).isEqualTo(TransactionStatus.TRANSACTION_STATUS_COMMITTED);
        refused(
                Status.Code.FAILED_PRECONDITION,
                ErrorCode.TXN_ABORTED,
                () -> commit(
                        never,
                        Transaction.newBuilder().addOperations(put("k", "2")).build()));
        assertThat(client.stub()
                        .getTransaction(GetTransactionRequest.newBuilder()
                                .setTxnId(committed)
                                .build())
                        .getCommitTs())
                .isEqualTo(commit.getCommitTs());
    }

    private TransactionStatus fate(String txnId) {
        return client.stub()
                .getTransaction(
                        GetTransactionRequest.newBuilder().setTxnId(txnId).build())
                .getStatus();
    }

    private TransactionStatus resolve(String txnId) {
        return client.stub()
                .resolveTransaction(
                        ResolveTransactionRequest.newBuilder().setTxnId(txnId).build())
                .getStatus();
    }

    @Test
    void aStagedTransactionReadsItsOwnWritesAndNobodyElseDoes() {
        commit(put("kept", "1"), put("gone", "1"));
        String txnId = client.begin();
        client.write(txnId, ADA, "kept", number(2));
        client.write(txnId, ADA, "new", number(3));
        client.delete(txnId, ADA, "gone");
        ReadOptions own = AS_JSON.toBuilder().setTxnId(txnId).build();

        assertThat(get("kept", own).getJson().toStringUtf8()).isEqualTo("{\"n\":2}");
        assertThat(get("kept", own).getVersion()).isEqualTo(2);
        assertThat(get("gone", own).getExists()).isFalse();
        assertThat(client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setOptions(own)
                                .build())
                        .getKeysList())
                .containsExactly("kept", "new");
        assertThat(get("kept", AS_JSON).getJson().toStringUtf8()).isEqualTo("1");
        assertThat(client.listKeys(ADA)).containsExactly("gone", "kept");
    }
}
