package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Makes entries of a log that never was: transactions of one put each, as clients and leaders would have made them. */
public final class LoggedPuts {
    private static final int SALT_BYTES = 16;

    private final SplittableRandom random;

    /** The chance that ids and salts come from. */
    public LoggedPuts(SplittableRandom random) {
        this.random = random;
    }

    /**
     * One entry.
     *
     * @param millis when all of it was asked for and stamped
     * @param number its number in the order in which its leader made entries
     */
    public LoggedBatch batch(long millis, long number, List<Operation.Put> puts) {
        List<Command> commands = new ArrayList<>();
        for (Operation.Put put : puts) {
            commands.add(new CommitTransaction(id(millis), List.of(put), List.of(), List.of(), Origin.NONE));
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new LoggedBatch(new Stamp(millis, salt), 1, number, commands);
    }

    /** A UUID of version 7, as clients make them. */
    TxnId id(long millis) {
        return new TxnId(String.format(
                Locale.ROOT,
                "%08x-%04x-7%03x-8000-%012x",
                millis >> 16,
                millis & 0xFFFF,
                random.nextInt(1 << 12),
                random.nextLong() >>> 16));
    }
}
