package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.node.service.VerifyService;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.statemachine.history.Verification;
import java.util.concurrent.Executor;

/** Runs one proof, a step per task, and says how far it has come while its reader listens; without a reader it rests. */
final class VerifyStream {
    private final ServerCallStreamObserver<VerifyResponse> observer;
    private final VerifyService.Proof proof;
    private final Steps steps;

    private volatile boolean isCancelled;

    /** Only for steps. */
    private boolean isOver;

    VerifyStream(ServerCallStreamObserver<VerifyResponse> observer, VerifyService.Proof proof, Executor executor) {
        this.observer = observer;
        this.proof = proof;
        this.steps = new Steps(executor, this::advance, this::fail);
    }

    /** Must be called before the call's handler returns. */
    void start() {
        observer.setOnReadyHandler(steps::wake);
        observer.setOnCancelHandler(() -> {
            isCancelled = true;
            steps.wake();
        });
        steps.wake();
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

    private void fail(Throwable failure) {
        if (!isOver) {
            end();
            observer.onError(StatusMapper.toStatus(failure));
        }
    }

    private void end() {
        isOver = true;
        proof.close();
    }
}
