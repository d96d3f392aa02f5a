package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.StatehouseException.Unavailable;
import io.statehouse.client.Watch;
import io.statehouse.client.WatchQuery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Prints what is committed as it happens, until nobody reads it, through any loss of nodes. */
final class Following {
    /** How long a reader that has gone is not noticed while nothing happens. */
    private static final Duration LOOK_UP = Duration.ofMillis(500);

    private final Session session;
    private final EventPrinter printer;
    private final long eventsMax;
    private boolean isConnected = true;

    Following(Session session, EventPrinter printer) {
        this(session, printer, Long.MAX_VALUE);
    }

    /** @param eventsMax ends after this many */
    Following(Session session, EventPrinter printer, long eventsMax) {
        this.session = session;
        this.printer = printer;
        this.eventsMax = eventsMax;
    }

    void follow(WatchQuery query) {
        WatchQuery rest = query;
        while (isWanted()) {
            try (Watch watch = session.client().watch(rest)) {
                try {
                    print(watch);
                } finally {
                    rest = watch.resumeTs() > 0 ? rest.from(watch.resumeTs()) : rest;
                }
            } catch (Unavailable e) {
                if (isConnected) {
                    session.output().remark("the cluster does not answer (" + e.getMessage() + "); still trying");
                }
                isConnected = false;
            }
        }
    }

    private void print(Watch watch) {
        while (isWanted()) {
            @Nullable Event event = watch.poll(LOOK_UP);
            if (event != null) {
                isConnected = true;
                printer.print(event);
            }
        }
    }

    private boolean isWanted() {
        return printer.printed() < eventsMax
                && !session.output().isAbandoned()
                && !Thread.currentThread().isInterrupted();
    }
}
