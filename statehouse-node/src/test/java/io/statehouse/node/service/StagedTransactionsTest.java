package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.StagedTransactions.Ended;
import io.statehouse.node.service.StagedTransactions.Found;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StagedTransactionsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int COUNT_MAX = 3;
    private static final long BYTES_MAX = 1_000;

    /** Starts close to the end of its range: System.nanoTime may, and must be compared by difference. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TIMEOUT.toNanos() / 2);

    private final AtomicLong ids = new AtomicLong();
    private final StagedTransactions staged = new StagedTransactions(
            limits(), new LimitGuard(Limits.DEFAULT), now::get, () -> new TxnId("t" + ids.incrementAndGet()));

    private static NodeLimits limits() {
        NodeLimits usual = NodeLimits.DEFAULT;
        return new NodeLimits(
                usual.core(),
                TIMEOUT,
                usual.txTimeoutMax(),
                COUNT_MAX,
                BYTES_MAX,
                usual.requestBytesMax(),
                usual.responseBytesMax(),
                usual.callsMax(),
                usual.callTimeout(),
                usual.callTimeoutMax(),
                usual.watchStallMax(),
                usual.shutdownGrace(),
                1,
                usual.auditFileBytesMax(),
                usual.auditFilesMax());
    }

    private TxnId begin() {
        return staged.begin(TIMEOUT, Origin.NONE);
    }

    private static Operation put(String key, int valueBytes) {
        byte[] value = ("\"" + "x".repeat(valueBytes - 2) + "\"").getBytes(StandardCharsets.UTF_8);
        return new Operation.Put(new Agent("n", "a").key(key), Json.ofTrusted(value));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static void refused(ErrorKind kind, ThrowingCallable call) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(kind));
    }

    @Test
    void operationsComeBackInTheOrderTheyWereStaged() {
        TxnId id = begin();
        List<Operation> operations = List.of(put("b", 5), put("a", 5), put("b", 6));
        operations.forEach(operation -> staged.add(id, operation));

        assertThat(staged.startCommit(id))
                .isInstanceOfSatisfying(
                        Found.Ready.class,
                        ready -> assertThat(ready.transaction().operations()).isEqualTo(operations));
    }

    @Test
    void theNumberOfTransactionsIsBounded() {
        List<TxnId> open = new ArrayList<>();
        for (int i = 0; i < COUNT_MAX; i++) {
            open.add(begin());
        }

        refused(ErrorKind.OVERLOADED, this::begin);
        staged.abort(open.get(0));

        assertThat(begin()).isNotNull();
    }

    @Test
    void theirBytesAreBoundedTogether() {
        TxnId one = begin();
        TxnId other = begin();
        staged.add(one, put("k", 900));

        refused(ErrorKind.OVERLOADED, () -> staged.add(other, put("k", 900)));
        staged.abort(one);
        staged.add(other, put("k", 900));

        assertThat(staged.bytes()).isEqualTo(900 + 3);
    }

    @Test
    void memoryIsFreedByTheTimerWithoutTheClient() {
        TxnId id = begin();
        staged.add(id, put("k", 900));

        pass(TIMEOUT);

        assertThat(staged.expireDue()).isEqualTo(1);
        assertThat(staged.count()).isZero();
        assertThat(staged.bytes()).isZero();
    }

    @Test
    void afterItsTimeEveryVerbHearsThatTheTransactionExpired() {
        TxnId id = begin();
        pass(TIMEOUT);

        refused(ErrorKind.TXN_EXPIRED, () -> staged.add(id, put("k", 5)));
        refused(ErrorKind.TXN_EXPIRED, () -> staged.operations(id));
        refused(ErrorKind.TXN_EXPIRED, () -> staged.startCommit(id));
        assertThat(staged.abort(id)).isFalse();
    }

    @Test
    void justBeforeItsTimeATransactionIsAlive() {
        TxnId id = begin();
        pass(TIMEOUT.minusNanos(1));

        staged.add(id, put("k", 5));

        assertThat(staged.expireDue()).isZero();
    }

    @Test
    void aShorterLifeEndsBeforeALongerOneThatBeganEarlier() {
        TxnId longer = staged.begin(TIMEOUT, Origin.NONE);
        TxnId shorter = staged.begin(TIMEOUT.dividedBy(2), Origin.NONE);
        pass(TIMEOUT.dividedBy(2));

        refused(ErrorKind.TXN_EXPIRED, () -> staged.operations(shorter));
        assertThat(staged.operations(longer)).isEmpty();
    }

    @Test
    void aCommitUnderWayDoesNotExpire() {
        TxnId id = begin();
        staged.startCommit(id);
        pass(TIMEOUT);

        assertThat(staged.expireDue()).isZero();
        staged.end(id, new Ended.Committed(new CommitTs(7)));

        refused(ErrorKind.TXN_ALREADY_COMMITTED, () -> staged.startCommit(id));
        assertThat(staged.count()).isZero();
    }

    @Test
    void aCommitThatWasNotSentMayBeTriedAgainUntilTheTimeIsOver() {
        TxnId id = begin();
        staged.add(id, put("k", 5));
        staged.startCommit(id);
        staged.reopen(id);

        assertThat(staged.startCommit(id)).isInstanceOf(Found.Ready.class);
        pass(TIMEOUT);
        staged.expireDue();
        staged.reopen(id);

        refused(ErrorKind.TXN_EXPIRED, () -> staged.startCommit(id));
    }

    @Test
    void aCommitInDoubtTakesNoMoreChangesAndMayBeSentAgain() {
        TxnId id = begin();
        staged.startCommit(id);
        staged.doubt(id);

        refused(ErrorKind.TXN_ALREADY_COMMITTED, () -> staged.add(id, put("k", 5)));
        assertThat(staged.startCommit(id)).isInstanceOf(Found.Ready.class);
    }

    @Test
    void aDoubtThatOutlivesItsTimeIsForTheLogToEnd() {
        TxnId id = begin();
        staged.startCommit(id);
        staged.doubt(id);
        pass(TIMEOUT);

        assertThat(staged.startCommit(id)).isInstanceOf(Found.Doubtful.class);
    }

    @Test
    void aRefusalOfALaterCommitDoesNotEndTheDoubtAboutTheFirst() {
        TxnId id = begin();
        staged.startCommit(id);
        staged.doubt(id);
        staged.startCommit(id);
        staged.reopen(id);

        assertThat(staged.abort(id)).isFalse();
        pass(TIMEOUT);
        assertThat(staged.startCommit(id)).isInstanceOf(Found.Doubtful.class);
    }

    @Test
    void twoCommitsOfOneTransactionDoNotRunTogether() {
        TxnId id = begin();
        staged.startCommit(id);

        refused(ErrorKind.TXN_ALREADY_COMMITTED, () -> staged.startCommit(id));
    }

    @Test
    void abortDoesNotTouchACommitUnderWay() {
        TxnId id = begin();
        staged.startCommit(id);

        assertThat(staged.abort(id)).isFalse();
        assertThat(staged.isStaged(id)).isTrue();
    }

    @Test
    void whatWasNeverBegunIsUnknown() {
        assertThat(staged.startCommit(new TxnId("never"))).isInstanceOf(Found.Unknown.class);
        refused(ErrorKind.TXN_NOT_FOUND, () -> staged.add(new TxnId("never"), put("k", 5)));
    }

    @Test
    void theMemoryOfTheEndedIsBounded() {
        TxnId first = begin();
        staged.abort(first);
        for (int i = 0; i < StagedTransactions.ENDED_MAX; i++) {
            staged.abort(begin());
        }

        assertThat(staged.startCommit(first)).isInstanceOf(Found.Unknown.class);
    }

    @Test
    void aTransactionHasNoMoreOperationsThanCouldCommit() {
        var roomy = new StagedTransactions(
                NodeLimits.DEFAULT, new LimitGuard(Limits.DEFAULT), now::get, () -> new TxnId("roomy"));
        TxnId id = roomy.begin(TIMEOUT, Origin.NONE);
        for (int i = 0; i < Limits.DEFAULT.transactionOperationsMax(); i++) {
            roomy.add(id, put("k", 5));
        }

        refused(ErrorKind.LIMIT_EXCEEDED, () -> roomy.add(id, put("k", 5)));
        assertThat(roomy.operations(id)).hasSize(Limits.DEFAULT.transactionOperationsMax());
    }
}
