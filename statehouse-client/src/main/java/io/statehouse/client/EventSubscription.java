package io.statehouse.client;

import java.util.concurrent.Flow;

/** One subscriber's replay or watch: delivers as many events as it asked for. */
final class EventSubscription implements Flow.Subscription, EventFeed.Sink {
    private final Flow.Subscriber<? super Event> subscriber;
    private final EventFeed<?, ?> feed;

    EventSubscription(Caller caller, FeedPosition<?, ?> position, Flow.Subscriber<? super Event> subscriber) {
        this.subscriber = subscriber;
        this.feed = new EventFeed<>(caller, position, this);
    }

    void start() {
        subscriber.onSubscribe(this);
        feed.start();
    }

    @Override
    public void request(long events) {
        if (events <= 0) {
            feed.cancel();
            subscriber.onError(new IllegalArgumentException("asked for " + events + " events; it must be at least 1"));
            return;
        }
        feed.request(events);
    }

    @Override
    public void cancel() {
        feed.cancel();
    }

    @Override
    public void event(Event event) {
        try {
            subscriber.onNext(event);
        } catch (RuntimeException e) {
            // A subscriber that throws has cancelled; the failure is its thread's to report.
            feed.cancel();
            throw e;
        }
    }

    @Override
    public void end() {
        subscriber.onComplete();
    }

    @Override
    public void fail(StatehouseException failure) {
        subscriber.onError(failure);
    }
}
