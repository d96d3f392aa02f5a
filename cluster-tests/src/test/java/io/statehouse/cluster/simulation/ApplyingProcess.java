package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.storage.RocksStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** Applies the entries that a seed makes to a real database, flushes now and then, and waits to be killed. */
final class ApplyingProcess {
    static final String APPLIED = "applied ";
    static final String FLUSHED = "flushed ";

    /** Values so large that the database flushes by itself, too. */
    static final Limits LIMITS = new Limits(64, 64, 200_000, 20, 6, 1_300_000, 8, 8, 256, Duration.ofSeconds(10));

    /** So few that most are in the database when the process is killed, and some are not. */
    private static final RecentHeads.Bounds RECENT_HEADS = new RecentHeads.Bounds(50, 100, 1 << 20);

    private static final int ENTRIES_PER_FLUSH = 110;

    private ApplyingProcess() {}

    public static void main(String[] args) {
        var state = StateMachine.open(RocksStore.open(Path.of(args[0])), LIMITS, RECENT_HEADS);
        applyAll(Long.parseLong(args[1]), Integer.parseInt(args[2]), (position, batch) -> {
            if (position.compareTo(state.applied()) <= 0) {
                return;
            }
            state.execute(position, batch);
            System.out.println(APPLIED + position.index());
            if (position.index() % ENTRIES_PER_FLUSH == 0) {
                System.out.println(FLUSHED + state.makeDurable().index());
            }
        });
        Runtime.getRuntime().halt(0);
    }

    /** Hands out the first entries of a seed. */
    static void applyAll(long seed, int entries, BiConsumer<LogPosition, LoggedBatch> each) {
        var traffic = new Traffic(new SplittableRandom(seed), LIMITS);
        for (int index = 1; index <= entries; index++) {
            each.accept(new LogPosition(1, index), traffic.next(new CommitTs(index), Applied.NOTHING));
        }
    }
}
