package io.statehouse.client;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One unary call, wherever it will be answered.
 *
 * @param repeating what sending it twice means
 * @param route who is asked
 * @param transactionId the id a doubtful outcome is named by; set when keyed
 * @param only the one endpoint that is asked; null = whoever the route says
 * @param shortcut another way to whoever is asked; null = there is none
 */
record Call<Q, R>(
        MethodDescriptor<Q, R> method,
        Q request,
        Repeating repeating,
        Route route,
        @Nullable String transactionId,
        @Nullable Endpoint only,
        @Nullable Shortcut<Q, R> shortcut) {
    /** A way to send one try that is not a call of its own. */
    @FunctionalInterface
    interface Shortcut<Q, R> {
        /** Takes a try, and tells the hearer once how it ended; false = it does not, and never will. */
        boolean take(Endpoint endpoint, Q request, Duration time, Hearer<R> hearer);
    }

    /** Hears how one try ends. */
    interface Hearer<R> {
        void answered(R answer);

        void failed(Verdict verdict);
    }

    /** What sending a call twice means. */
    enum Repeating {
        /** It changes nothing. */
        READ,
        /** The server knows it again by its transaction id. */
        KEYED,
        /** It would be done twice. */
        ONCE
    }

    /** Who is asked first. */
    enum Route {
        /** The leader; whoever else is asked names it rather than forwards. */
        LEADER,
        /** The leader if it is known, since it answers with one hop less; anyone otherwise. */
        LIKELY_LEADER,
        /** All in turn. */
        ANYONE
    }

    static <Q, R> Call<Q, R> of(MethodDescriptor<Q, R> method, Q request, Repeating repeating, Route route) {
        return new Call<>(method, request, repeating, route, null, null, null);
    }

    Call<Q, R> named(String id) {
        return new Call<>(method, request, repeating, route, id, only, shortcut);
    }

    Call<Q, R> onlyTo(@Nullable Endpoint endpoint) {
        return new Call<>(method, request, repeating, route, transactionId, endpoint, shortcut);
    }

    Call<Q, R> by(Shortcut<Q, R> way) {
        return new Call<>(method, request, repeating, route, transactionId, only, way);
    }

    String name() {
        return String.valueOf(method.getBareMethodName());
    }
}
