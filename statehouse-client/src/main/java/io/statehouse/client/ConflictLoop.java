package io.statehouse.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Runs a transaction's body until it meets no conflict, a bounded number of times, with growing waits between. */
final class ConflictLoop {
    private final StatehouseClient client;
    private final Caller caller;

    ConflictLoop(StatehouseClient client, Caller caller) {
        this.client = client;
        this.caller = caller;
    }

    <T> T run(Function<Transaction, T> body) {
        int runsMax = caller.failover().retry().conflictTriesMax();
        for (int run = 1; ; run++) {
            try {
                return runOnce(body);
            } catch (StatehouseException.Refused e) {
                if (e.code() != RefusalCode.CONFLICT || run >= runsMax) {
                    throw e;
                }
            }
            pause(run - 1);
        }
    }

    private <T> T runOnce(Function<Transaction, T> body) {
        try (Transaction transaction = client.begin()) {
            T result = body.apply(transaction);
            if (!transaction.isCommitted()) {
                transaction.commit();
            }
            return result;
        }
    }

    private void pause(int round) {
        var over = new CompletableFuture<Boolean>();
        caller.failover().after(caller.failover().delay(round), () -> over.complete(true));
        caller.await(over);
    }
}
