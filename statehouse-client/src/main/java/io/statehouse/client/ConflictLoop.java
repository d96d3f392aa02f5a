package io.statehouse.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Runs something until it meets no conflict, a bounded number of times, with growing waits between. */
final class ConflictLoop {
    private final Caller caller;

    ConflictLoop(Caller caller) {
        this.caller = caller;
    }

    <T> T run(Supplier<T> deed) {
        int runsMax = caller.failover().retry().conflictTriesMax();
        for (int run = 1; ; run++) {
            try {
                return deed.get();
            } catch (StatehouseException.Refused e) {
                if (e.code() != RefusalCode.CONFLICT || run >= runsMax) {
                    throw e;
                }
            }
            pause(run - 1);
        }
    }

    private void pause(int round) {
        var over = new CompletableFuture<Boolean>();
        caller.failover().after(caller.failover().delay(round), () -> over.complete(true));
        caller.await(over);
    }
}
