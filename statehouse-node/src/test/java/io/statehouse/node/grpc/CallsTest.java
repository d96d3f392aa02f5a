package io.statehouse.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.metrics.NodeMetrics;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.tracing.Tracing;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.CommitStreamServiceGrpc;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsTest {
    private final Queue<Runnable> handedOver = new ArrayDeque<>();
    private final Calls calls = calls();
    private final Answered observer = new Answered();
    private final CompletableFuture<CommitResponse> future = new CompletableFuture<>();

    @Test
    void aLoneAnswerIsSentByTheThreadThatBringsIt() {
        begin(1);
        calls.answer(observer, () -> future);

        future.complete(CommitResponse.getDefaultInstance());

        assertThat(observer.heard).containsExactly(CommitResponse.getDefaultInstance(), "completed");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void answersOfManyAreSentByMany() {
        begin(Calls.FEW + 1);
        calls.answer(observer, () -> future);

        future.complete(CommitResponse.getDefaultInstance());

        assertThat(observer.heard).isEmpty();
        handedOver.remove().run();
        assertThat(observer.heard).containsExactly(CommitResponse.getDefaultInstance(), "completed");
    }

    @Test
    void streamsThatAreOpenAreNoCompany() {
        begin(1);
        begin(Calls.FEW, CommitStreamServiceGrpc.getCommitStreamMethod());
        calls.answer(observer, () -> future);

        future.complete(CommitResponse.getDefaultInstance());

        assertThat(observer.heard).hasSize(2);
    }

    private void begin(int count) {
        begin(count, StatehouseServiceGrpc.getCommitMethod());
    }

    private <Q, R> void begin(int count, MethodDescriptor<Q, R> method) {
        for (int i = 0; i < count; i++) {
            var unused = calls.interceptCall(
                    new Call<>(method), new Metadata(), (call, headers) -> new ServerCall.Listener<>() {});
        }
    }

    private Calls calls() {
        var log = SoloLog.open(
                new Member("n1", "", ""),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                Clock.systemUTC(),
                new Random(1));
        return new Calls(
                NodeLimits.DEFAULT,
                new GrpcServer.Foundations(
                        log,
                        new LimitGuard(Limits.DEFAULT),
                        new NodeMetrics(),
                        AccessPolicy.OPEN,
                        new Tracing(new Random(1), null),
                        handedOver::add));
    }

    /** A call that nobody waits for. */
    private static final class Call<Q, R> extends ServerCall<Q, R> {
        private final MethodDescriptor<Q, R> method;

        Call(MethodDescriptor<Q, R> method) {
            this.method = method;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(R message) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }
    }

    /** Keeps what it hears. */
    private static final class Answered extends ServerCallStreamObserver<CommitResponse> {
        private final List<Object> heard = new ArrayList<>();

        @Override
        public void onNext(CommitResponse response) {
            heard.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(failure);
        }

        @Override
        public void onCompleted() {
            heard.add("completed");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean isOn) {}

        @Override
        public void disableAutoInboundFlowControl() {}
    }
}
