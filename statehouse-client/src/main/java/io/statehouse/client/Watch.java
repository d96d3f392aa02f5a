package io.statehouse.client;

import io.statehouse.proto.v1.WatchRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commits of an agent or a namespace as they happen: each once, in order, across the loss of nodes. Close it; not for
 * several threads at once.
 *
 * <p>It never ends by itself. A reader that is slow is slow only for itself: at most 256 events are held in memory, and
 * what it has not taken waits in the server's history.
 */
public final class Watch implements Iterator<Event>, AutoCloseable {
    private static final int REFILL = EventFeed.WINDOW / 2;

    /** What the feed's thread hands to the reader's. */
    private record Signal(
            @Nullable Event event, long passed, @Nullable StatehouseException failure) {}

    // Events: never more than were asked for, which is WINDOW. Marks: one every few seconds, and only while events are
    // wanted.
    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();
    private final EventFeed<?, ?> feed;
    private @Nullable Event next;
    private @Nullable StatehouseException failure;
    private long resumeTs;
    private int taken;
    private volatile boolean closed;

    private Watch(Caller caller, WatchRequest request) {
        this.feed = new EventFeed<>(caller, new WatchPosition(request), new Queueing());
        this.resumeTs = request.getStartTs();
        feed.request(EventFeed.WINDOW);
        feed.start();
    }

    /** Opens a watch and waits until it has its place: what commits after that is delivered. */
    static Watch open(Caller caller, WatchRequest request) {
        var watch = new Watch(caller, request);
        try {
            if (!request.hasStartTs()) {
                watch.awaitFirst();
            }
            return watch;
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private void awaitFirst() {
        take(Long.MAX_VALUE);
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Waits for the next event; answers true.
     *
     * @throws StatehouseException.Refused if the server refuses the watch, such as with COMPACTED
     * @throws StatehouseException.Unavailable if no node goes on with it within the call's time; a new watch from
     *     {@link #resumeTs} goes on where this one ended
     * @throws IllegalStateException if it was closed
     */
    @Override
    public boolean hasNext() {
        awaitNext();
        return true;
    }

    /** The next event; see {@link #hasNext()}. */
    @Override
    public Event next() {
        awaitNext();
        return taken();
    }

    /** The next event if one comes within a time; else null. Fails as {@link #hasNext()} does. */
    public @Nullable Event poll(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (next == null) {
            long left = deadline - System.nanoTime();
            if (!look(Math.max(left, 0)) && left <= 0) {
                return null;
            }
        }
        return taken();
    }

    /**
     * The commit_ts to give as {@link WatchQuery#from} to a watch that goes on after what this one has delivered. A
     * transaction too large for one message comes in several events of one commit_ts; it is delivered when the next event is.
     */
    public long resumeTs() {
        return resumeTs;
    }

    /** Stops the watch on the node too. */
    @Override
    public void close() {
        closed = true;
        feed.cancel();
    }

    private void awaitNext() {
        while (next == null) {
            look(Long.MAX_VALUE);
        }
    }

    private Event taken() {
        Event event = next;
        if (event == null) {
            throw new IllegalStateException("no event was waited for");
        }
        next = null;
        resumeTs = event.commitTs() + 1;
        if (++taken == REFILL) {
            taken = 0;
            feed.request(REFILL);
        }
        return event;
    }

    private boolean look(long nanos) {
        if (closed) {
            throw new IllegalStateException("the watch is closed");
        }
        if (failure != null) {
            throw failure;
        }
        boolean isSomething = take(nanos);
        if (failure != null) {
            throw failure;
        }
        return isSomething;
    }

    private boolean take(long nanos) {
        try {
            Signal signal = arrived.poll(nanos, TimeUnit.NANOSECONDS);
            if (signal == null) {
                return false;
            }
            next = signal.event();
            failure = signal.failure();
            resumeTs = Math.max(resumeTs, signal.passed() + 1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StatehouseException.Unavailable("interrupted while waiting for an event", e);
        }
    }

    /** Puts what comes where the reader takes it. */
    private final class Queueing implements EventFeed.Sink {
        @Override
        public void event(Event event) {
            arrived.add(new Signal(event, -1, null));
        }

        @Override
        public void passed(long commitTs) {
            // One mark that nobody has looked at yet is as good as many.
            Signal mark = new Signal(null, commitTs, null);
            if (!arrived.contains(mark)) {
                arrived.add(mark);
            }
        }

        @Override
        public void end() {
            arrived.add(new Signal(null, -1, new StatehouseException.Unavailable("the watch ended", null)));
        }

        @Override
        public void fail(StatehouseException why) {
            arrived.add(new Signal(null, -1, why));
        }
    }
}
