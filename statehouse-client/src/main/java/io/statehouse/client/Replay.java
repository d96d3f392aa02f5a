package io.statehouse.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The events of a replay, one after another, fetched while they are read. Close it; not for several threads at once.
 *
 * <p>If the node that sends them fails, the replay goes on at another one, without a gap and without a duplicate. At
 * most 256 events are held in memory.
 */
public final class Replay implements Iterator<Event>, AutoCloseable {
    private static final int REFILL = EventFeed.WINDOW / 2;

    /** What the feed's thread hands to the reader's: an event, or the end with or without a failure. */
    private record Signal(@Nullable Event event, @Nullable StatehouseException failure) {}

    private static final Signal END = new Signal(null, null);

    // Never holds more than was asked for, which is WINDOW, and the end.
    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();
    private final EventFeed<?, ?> feed;
    private final ReplayBeginning states;
    private @Nullable Signal next;
    private boolean hasBegun;
    private int taken;
    private boolean closed;

    Replay(Caller caller, io.statehouse.proto.v1.ReplayRequest request) {
        this.states = new ReplayBeginning(caller, request);
        this.feed = new EventFeed<>(caller, new ReplayPosition(request), new Queueing());
        feed.request(EventFeed.WINDOW);
        feed.start();
    }

    /**
     * Whether another event comes; waits until that is known.
     *
     * @throws StatehouseException.Refused if the server refuses the replay, such as with COMPACTED
     * @throws StatehouseException.Unavailable if no node goes on with it within the call's time
     * @throws IllegalStateException if it was closed before it had ended
     */
    @Override
    public boolean hasNext() {
        if (closed) {
            throw new IllegalStateException("the replay is closed");
        }
        if (next == null) {
            next = take();
        }
        if (next.failure() != null) {
            throw next.failure();
        }
        return next.event() != null;
    }

    /** The next event; see {@link #hasNext()}. */
    @Override
    public Event next() {
        if (!hasNext() || next == null || next.event() == null) {
            throw new NoSuchElementException("the replay has ended");
        }
        Event event = next.event();
        next = null;
        hasBegun = true;
        if (++taken == REFILL) {
            taken = 0;
            feed.request(REFILL);
        }
        return event;
    }

    /**
     * The rest of the events, each with the agent's state after it. A replay that begins in the middle of the agent's past
     * begins with the state of then. It holds the state and no history.
     *
     * @throws IllegalStateException if the replay is not of one agent, runs backwards, leaves events out, or has begun
     */
    public Iterator<ReplayStep> states() {
        if (hasBegun) {
            throw new IllegalStateException("the replay has begun; ask for its states first");
        }
        return new ReplayStates(this, states.begin());
    }

    /** The rest as a stream; closing it closes the replay. */
    public Stream<Event> stream() {
        int order = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, order), false)
                .onClose(this::close);
    }

    /** Stops the replay on the node too. */
    @Override
    public void close() {
        closed = true;
        feed.cancel();
    }

    private Signal take() {
        try {
            return arrived.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StatehouseException.Unavailable("interrupted while waiting for an event", e);
        }
    }

    /** Puts what comes where the reader takes it. */
    private final class Queueing implements EventFeed.Sink {
        @Override
        public void event(Event event) {
            arrived.add(new Signal(event, null));
        }

        @Override
        public void end() {
            arrived.add(END);
        }

        @Override
        public void fail(StatehouseException failure) {
            arrived.add(new Signal(null, failure));
        }
    }
}
