package io.statehouse.node.grpc;

import io.grpc.Context;
import io.statehouse.node.service.Refusals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The work of a stream, a step per task: steps never overlap, and whoever wakes it while one runs gets one more. */
final class Steps {
    private final Executor executor;
    private final Step step;
    private final Consumer<Throwable> failed;

    /** Above zero while a step runs or waits to run, so that no wake-up is lost. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    /** A bounded piece of work. */
    @FunctionalInterface
    interface Step {
        /** Does it; answers whether there is more to do at once. */
        boolean advance() throws IOException;
    }

    /** @param failed hears what a step throws, and that this node is stopping */
    Steps(Executor executor, Step step, Consumer<Throwable> failed) {
        // What is logged in a step names the call it is a step of.
        this.executor = Context.currentContextExecutor(executor);
        this.step = step;
        this.failed = failed;
    }

    void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            execute();
        }
    }

    private void execute() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            failed.accept(Refusals.notReady("this node is stopping"));
        }
    }

    private void run() {
        int seen = wakeUps.get();
        boolean goesOn = false;
        try {
            goesOn = step.advance();
        } catch (IOException e) {
            failed.accept(new UncheckedIOException(e));
        } catch (RuntimeException e) {
            failed.accept(e);
        }
        if (goesOn || wakeUps.addAndGet(-seen) != 0) {
            execute();
        }
    }
}
