package io.statehouse.node.agent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs code that is not ours on a thread of its own, so that whatever it throws is caught and nobody waits for it longer than it may
 * last. Java cannot end a thread: one that does not heed its interrupt goes on, and nobody listens.
 */
final class GuestThread {
    private GuestThread() {}

    /**
     * What the work comes to.
     *
     * @param classes where it looks for its own
     * @param atEnd done when the thread ends, however long after the wait for it
     * @throws ExecutionException with what it threw, errors too
     * @throws TimeoutException when it lasts longer than so many nanoseconds
     */
    static <T> T call(String name, ClassLoader classes, Callable<T> work, long nanos, Runnable atEnd)
            throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            try {
                task.run();
            } finally {
                atEnd.run();
            }
        });
        thread.setContextClassLoader(classes);
        boolean isStarted = false;
        try {
            thread.start();
            isStarted = true;
            return task.get(nanos, TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
            if (!isStarted) {
                atEnd.run();
            }
        }
    }
}
