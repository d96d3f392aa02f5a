package io.statehouse.node.agent;

import io.statehouse.node.reducer.SessionReducer;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ServiceException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A reducer of the operator's, and how many threads may be in it at once: those that never end among them. */
final class LoadedReducer {
    private static final int RUNS_MAX = 2;

    private final String name;
    private final String version;
    private final SessionReducer code;
    private final ClassLoader classes;
    private final Semaphore runs = new Semaphore(RUNS_MAX);

    LoadedReducer(String name, String version, SessionReducer code, ClassLoader classes) {
        this.name = name;
        this.version = version;
        this.code = code;
        this.classes = classes;
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    SessionReducer code() {
        return code;
    }

    /**
     * Runs its code when there is room for one more.
     *
     * @param end in terms of {@link System#nanoTime}
     */
    <T> T call(Callable<T> work, long end) throws ExecutionException, TimeoutException, InterruptedException {
        if (!runs.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw overloaded(
                    "is in use by " + RUNS_MAX + " calls, as many as may be (reducerRunsMax)", "reducerRunsMax");
        }
        return GuestThread.call("statehouse-reducer-" + name, classes, work, end - System.nanoTime(), runs::release);
    }

    ServiceException overloaded(String what, String limit) {
        return new ServiceException(
                ErrorKind.OVERLOADED,
                "reducer " + this + " " + what + "; try later",
                Map.of("reducer", name, "limit", limit, "retry_after_ms", "200"));
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
