package io.statehouse.client;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Runs what follows the answers that come through pipes: on the caller's threads, or on a pool of its own. */
final class AnswerThreads implements Executor, AutoCloseable {
    private final Executor threads;
    private final @Nullable ExecutorService own;

    /** With null, a pool of its own: a thread for each callback that is busy. */
    AnswerThreads(@Nullable Executor callbacks) {
        ExecutorService pool = callbacks == null ? Executors.newCachedThreadPool(AnswerThreads::thread) : null;
        this.own = pool;
        this.threads = pool == null ? Objects.requireNonNull(callbacks) : pool;
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "statehouse-client-answers");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** After the connections have ended, and with them everything under way. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
