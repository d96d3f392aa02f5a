package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.VerifyService;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.statemachine.history.Verification;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs one proof, a step per task, and says how far it has come while its reader listens; without a reader it rests. */
final class VerifyStream {
    private final ServerCallStreamObserver<VerifyResponse> observer;
    private final VerifyService.Proof proof;
    private final Executor executor;

    /** Above zero while a step runs or waits to run; so steps never overlap, and no wake-up is lost. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    private volatile boolean isCancelled;

    /** Only for steps. */
    private boolean isOver;

    VerifyStream(ServerCallStreamObserver<VerifyResponse> observer, VerifyService.Proof proof, Executor executor) {
        this.observer = observer;
        this.proof = proof;
        this.executor = executor;
    }

    /** Must be called before the call's handler returns. */
    void start() {
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(() -> {
            isCancelled = true;
            wake();
        });
        wake();
    }

    private void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            execute();
        }
    }

    private void execute() {
        try {
            executor.execute(this::step);
        } catch (RejectedExecutionException e) {
            end();
            observer.onError(StatusMapper.toStatus(Refusals.notReady("this node is stopping")));
        }
    }

    private void step() {
        int seen = wakeUps.get();
        boolean goesOn = false;
        try {
            goesOn = advance();
        } catch (RuntimeException e) {
            end();
            observer.onError(StatusMapper.toStatus(e));
        }
        if (goesOn || wakeUps.addAndGet(-seen) != 0) {
            execute();
        }
    }

    private boolean advance() {
        if (isOver) {
            return false;
        }
        if (isCancelled) {
            end();
            return false;
        }
        if (!observer.isReady()) {
            return false;
        }
        Verification.Progress progress = proof.step();
        observer.onNext(HistoryMapper.progress(progress));
        if (progress.verdict() != null) {
            end();
            observer.onCompleted();
        }
        return !isOver;
    }

    private void end() {
        isOver = true;
        proof.close();
    }
}
