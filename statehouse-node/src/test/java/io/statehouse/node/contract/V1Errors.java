package io.statehouse.node.contract;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.proto.v1.ErrorCode;
import java.time.Duration;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every line of the contract's errors as a claim: status, text and typed details. Extend it as {@link V1Contract}. */
public abstract class V1Errors {
    private static final String ADA = "ada";
    private static final String KEY = "task/1";
    private static final long SHORT_TIMEOUT_MILLIS = 50;

    private V1Client client;

    /** HOST:PORT of the node under test. */
    protected abstract String address();

    @BeforeEach
    void connect() {
        client = new V1Client(address(), "v1-" + UUID.randomUUID());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static StatusRuntimeException refused(ThrowingCallable call, Status.Code code, ErrorCode error) {
        StatusRuntimeException failure = assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call)
                .actual();
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(code);
        assertThat(V1Client.errorOf(failure).getCode()).isEqualTo(error);
        assertThat(V1Client.errorOf(failure).getMessage()).isNotEmpty();
        return failure;
    }

    @Test
    void anUnknownTransactionIsNotFound() {
        for (String txnId :
                new String[] {"no-such-transaction", UUID.randomUUID().toString()}) {
            assertThat(refused(
                            () -> client.write(txnId, ADA, KEY, number(1)),
                            Status.Code.NOT_FOUND,
                            ErrorCode.TXN_NOT_FOUND))
                    .hasMessageContaining("not found");
            assertThat(refused(() -> client.delete(txnId, ADA, KEY), Status.Code.NOT_FOUND, ErrorCode.TXN_NOT_FOUND))
                    .hasMessageContaining("not found");
            assertThat(refused(() -> client.commit(txnId), Status.Code.NOT_FOUND, ErrorCode.TXN_NOT_FOUND))
                    .hasMessageContaining("not found");
        }
    }

    @Test
    void afterItsTimeoutATransactionHasExpiredForEveryVerbAndLeavesNothing() {
        String txnId = client.begin(SHORT_TIMEOUT_MILLIS);
        await().pollInterval(Duration.ofMillis(SHORT_TIMEOUT_MILLIS))
                .untilAsserted(() -> refused(
                        () -> client.delete(txnId, ADA, "probe"),
                        Status.Code.DEADLINE_EXCEEDED,
                        ErrorCode.TXN_EXPIRED));

        assertThat(refused(
                        () -> client.write(txnId, ADA, KEY, number(1)),
                        Status.Code.DEADLINE_EXCEEDED,
                        ErrorCode.TXN_EXPIRED))
                .hasMessageContaining("expired");
        assertThat(refused(() -> client.commit(txnId), Status.Code.DEADLINE_EXCEEDED, ErrorCode.TXN_EXPIRED))
                .hasMessageContaining("expired");
        assertThat(client.replay(ADA)).isEmpty();
    }

    @Test
    void aCommittedTransactionTakesNothingMore() {
        String txnId = client.begin();
        client.write(txnId, ADA, KEY, number(1));
        long commitTs = client.commit(txnId);

        StatusRuntimeException again =
                refused(() -> client.commit(txnId), Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ALREADY_COMMITTED);
        refused(
                () -> client.write(txnId, ADA, KEY, number(2)),
                Status.Code.FAILED_PRECONDITION,
                ErrorCode.TXN_ALREADY_COMMITTED);

        assertThat(V1Client.errorOf(again).getDetailsMap()).containsEntry("commit_ts", Long.toString(commitTs));
        assertThat(client.get(ADA, KEY).getVersion()).isEqualTo(1);
    }

    @Test
    void anAbortedTransactionTakesNothingMore() {
        String txnId = client.begin();
        client.write(txnId, ADA, KEY, number(1));
        client.abort(txnId);

        refused(() -> client.commit(txnId), Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ABORTED);
        refused(() -> client.write(txnId, ADA, KEY, number(2)), Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ABORTED);

        assertThat(client.get(ADA, KEY).getVersion()).isZero();
    }

    @Test
    void aMalformedRequestIsNamed() {
        String txnId = client.begin();

        assertThat(refused(
                        () -> client.write(txnId, "", KEY, number(1)),
                        Status.Code.INVALID_ARGUMENT,
                        ErrorCode.INVALID_REQUEST))
                .hasMessageContaining("agent_id");
        assertThat(refused(
                        () -> client.write(txnId, ADA, "", number(1)),
                        Status.Code.INVALID_ARGUMENT,
                        ErrorCode.INVALID_REQUEST))
                .hasMessageContaining("key");
    }

    @Test
    void aPassedLimitIsNamed() {
        String txnId = client.begin();

        StatusRuntimeException failure = refused(
                () -> client.write(txnId, ADA, "k".repeat(1_025), number(1)),
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.LIMIT_EXCEEDED);

        assertThat(failure).hasMessageContaining("keyBytesMax").hasMessageContaining("1024");
        assertThat(V1Client.errorOf(failure).getDetailsMap())
                .containsEntry("limit", "keyBytesMax")
                .containsEntry("max", "1024")
                .containsEntry("actual", "1025");
    }

    @Test
    void aRefusedOperationDoesNotSpoilItsTransaction() {
        String txnId = client.begin();
        client.write(txnId, ADA, KEY, number(1));
        refused(
                () -> client.write(txnId, ADA, "k".repeat(1_025), number(2)),
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.LIMIT_EXCEEDED);

        client.commit(txnId);

        assertThat(client.listKeys(ADA)).containsExactly(KEY);
    }
}
