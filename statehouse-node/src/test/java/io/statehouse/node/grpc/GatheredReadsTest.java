package io.statehouse.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Deadlines;
import io.statehouse.node.service.DiskGauge;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.service.PeerCalls;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.Trace;
import io.statehouse.node.service.TransactionService;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateRequest;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups of reads, with a leader that is confirmed when the test says so. */
class GatheredReadsTest {
    private static final int MANY = 20;
    private static final int VALUE_BYTES = 1_000_000;

    private final List<CompletableFuture<Void>> questions = new ArrayList<>();
    private final List<Throwable> failed = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines();
    private final NodeMetrics metrics = new NodeMetrics();
    private final Taker taker = new Taker();
    private final ReplicatedLog solo = SoloLog.open(
            new Member("n1", "", ""),
            StateMachine.open(proxy(Store.class, new TreeStore(), this::onStore), Limits.DEFAULT),
            Clock.systemUTC(),
            new Random(1));
    private final CallStream<StreamedRead, StreamedReadAnswer> stream = stream();
    private boolean isDiskBroken;
    private int versionsRead;

    @BeforeEach
    void write() {
        solo.start();
        var key = new Agent("default", "ada").key("k");
        var value = Json.ofTrusted(("\"" + "x".repeat(VALUE_BYTES) + "\"").getBytes(StandardCharsets.UTF_8));
        solo.propose(new CommitTransaction(
                        new TxnId("t"), List.of(new Operation.Put(key, value)), List.of(), List.of(), Origin.NONE))
                .join();
        stream.start(() -> {});
    }

    @AfterEach
    void close() {
        solo.close();
        deadlines.close();
        metrics.close();
    }

    @Test
    void whatComesWhileOneIsAskedForNeedsALaterQuestion() {
        read(1);
        read(2);
        read(3);
        assertThat(questions).hasSize(1);

        questions.get(0).complete(null);

        assertThat(taker.numbers()).containsExactly(1L);
        assertThat(questions).hasSize(2);
        questions.get(1).complete(null);
        assertThat(taker.numbers()).containsExactly(1L, 2L, 3L);
        assertThat(metrics.scrape()).contains("statehouse_rpc_ended_total{rpc=\"GetState\",status=\"OK\"} 3.0");
    }

    @Test
    void aStoreThatCannotBeReadIsNoAnswer() {
        isDiskBroken = true;

        read(1);
        questions.get(0).complete(null);

        assertThat(failed).hasSize(1).first().isInstanceOf(StoreFailedException.class);
        assertThat(taker.taken).hasSize(1);
        assertThat(taker.taken.get(0).getError().getCode()).isEqualTo(ErrorCode.STORAGE_ERROR);
        assertThat(metrics.scrape()).contains("statehouse_rpc_ended_total{rpc=\"GetState\",status=\"INTERNAL\"} 1.0");
    }

    @Test
    void whoDoesNotTakeAnswersIsReadForNoFurtherAndInOrder() {
        read(0);
        for (int number = 1; number <= MANY; number++) {
            read(number);
        }
        taker.isReady = false;
        questions.get(0).complete(null);
        questions.get(1).complete(null);

        assertThat(versionsRead).isLessThanOrEqualTo((int) (GatheredReads.ANSWER_BYTES_MAX / VALUE_BYTES) + 1);
        assertThat(questions).hasSize(2);

        read(MANY + 1);
        taker.becomeReady();
        for (int next = 2; next < questions.size(); next++) {
            questions.get(next).complete(null);
        }
        assertThat(taker.numbers())
                .containsExactly(LongStream.rangeClosed(0, MANY + 1).boxed().toArray(Long[]::new));
    }

    @Test
    void forWhomIsGoneNothingIsAsked() {
        read(1);
        read(2);

        taker.onCancel.run();
        questions.get(0).complete(null);

        assertThat(questions).hasSize(1);
        assertThat(taker.taken).isEmpty();
    }

    private void read(long number) {
        stream.onNext(StreamedRead.newBuilder()
                .setNumber(number)
                .setGet(GetStateRequest.newBuilder().setAgentId("ada").setKey("k"))
                .build());
    }

    private CallStream<StreamedRead, StreamedReadAnswer> stream() {
        var log = proxy(ReplicatedLog.class, solo, this::onLog);
        var limits = NodeLimits.DEFAULT;
        var guard = new LimitGuard(Limits.DEFAULT);
        var node = new StateService.Node(log, AccessPolicy.OPEN, guard, DiskGauge.of(null, 0));
        var peers = proxy(PeerCalls.class, this, (method, arguments, real) -> null);
        var state = new StateService(node, peers, metrics, deadlines, Runnable::run);
        var home = new TransactionService.Home("n1", Clock.systemUTC(), System::nanoTime, new Random(1));
        var transactions = new TransactionService(state, node, limits, metrics, home);
        var nobody = new Authority("", "", "", new AccessPolicy.Arrival("ReadStream", null, "", Trace.NONE));
        var reads = new StateReads(state, transactions, guard, limits);
        return new CallStream<>(
                taker, new GatheredReads(state, reads, limits, nobody, new Tally(metrics, "GetState")), Runnable::run);
    }

    private @Nullable Object onStore(Method method, @Nullable Object[] arguments, Real real) throws Throwable {
        if (method.getName().equals("get") && arguments[0] == Table.VERSIONS) {
            versionsRead++;
            if (isDiskBroken) {
                throw new StoreFailedException("broken");
            }
        }
        return real.call();
    }

    private @Nullable Object onLog(Method method, @Nullable Object[] arguments, Real real) throws Throwable {
        if (method.getName().equals("awaitReadable")) {
            var question = new CompletableFuture<Void>();
            questions.add(question);
            Object answer = question;
            return answer;
        }
        try {
            return real.call();
        } catch (StoreFailedException e) {
            failed.add(e);
            throw e;
        }
    }

    /** What the object behind a proxy does. */
    private interface Real {
        @Nullable
        Object call() throws Throwable;
    }

    private interface Observer {
        @Nullable
        Object call(Method method, @Nullable Object[] arguments, Real real) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Object behind, Observer observer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (unused, method, given) -> {
                    var arguments = given == null ? new Object[0] : given;
                    return observer.call(method, arguments, () -> {
                        try {
                            return method.invoke(behind, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getTargetException();
                        }
                    });
                }));
    }

    /** Takes answers when it is ready. */
    private static final class Taker extends ServerCallStreamObserver<StreamedReadAnswer> {
        private final List<StreamedReadAnswer> taken = new ArrayList<>();
        private boolean isReady = true;
        private Runnable onReady = () -> {};
        private Runnable onCancel = () -> {};

        List<Long> numbers() {
            return taken.stream().map(StreamedReadAnswer::getNumber).toList();
        }

        void becomeReady() {
            isReady = true;
            onReady.run();
        }

        @Override
        public void onNext(StreamedReadAnswer answer) {
            taken.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return isReady;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean isOn) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void disableAutoRequest() {}
    }
}
