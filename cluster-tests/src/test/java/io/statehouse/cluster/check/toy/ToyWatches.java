package io.statehouse.cluster.check.toy;

import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.WatchScope;
import io.statehouse.cluster.check.history.WatchStream;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Watches over a finished journal: complete and in order, unless they have a bug. */
final class ToyWatches {
    private static final int PROGRESS_ODDS = 5;

    private final Bug bug;
    private final RandomGenerator random;
    private final Map<CommitTs, Long> committedAt;

    ToyWatches(Bug bug, RandomGenerator random, Map<CommitTs, Long> committedAt) {
        this.bug = bug;
        this.random = random;
        this.committedAt = committedAt;
    }

    List<WatchStream> of(List<ReplayedCommit> journal) {
        if (journal.isEmpty()) {
            return List.of();
        }
        return List.of(
                stream(1, new WatchScope("toy", "", ""), 1, journal),
                stream(2, new WatchScope("toy", "set", ""), 1 + random.nextInt(journal.size()), journal),
                stream(3, new WatchScope("toy", "registers", "r1"), 0, journal),
                stream(4, new WatchScope("elsewhere", "", ""), 1, journal));
    }

    private WatchStream stream(long number, WatchScope scope, long start, List<ReplayedCommit> journal) {
        WatchOpened opened = new WatchOpened(number, "w" + number, "n1", 0, scope, new CommitTs(start));
        List<HistoryLine> messages = new ArrayList<>();
        long nanos = 0;
        for (ReplayedCommit commit : journal) {
            List<Event> cut = scope.cut(commit.events());
            if (commit.commitTs().value() < start) {
                continue;
            }
            nanos = Math.max(nanos, committedAt.getOrDefault(commit.commitTs(), Long.MAX_VALUE / 2))
                    + random.nextInt(2);
            if (!cut.isEmpty()) {
                messages.add(new WatchDelivered(number, nanos, with(commit, cut)));
            } else if (random.nextInt(PROGRESS_ODDS) == 0) {
                messages.add(new WatchProgressed(number, nanos, commit.commitTs()));
            }
        }
        if (number == 1) {
            spoil(messages);
        } else if (number == 2 && bug == Bug.WATCH_LEAKS) {
            messages.clear();
            journal.stream()
                    .filter(commit -> commit.commitTs().value() >= start)
                    .forEach(commit -> messages.add(new WatchDelivered(number, Long.MAX_VALUE / 2, commit)));
        }
        CommitTs until = number == 1 ? journal.getLast().commitTs() : CommitTs.ZERO;
        messages.add(new WatchEnded(number, nanos, "done", until));
        return new WatchStream(opened, messages);
    }

    private static ReplayedCommit with(ReplayedCommit commit, List<Event> events) {
        return new ReplayedCommit(commit.commitTs(), commit.wallMillis(), commit.txnId(), events);
    }

    private void spoil(List<HistoryLine> messages) {
        List<Integer> deliveries = new ArrayList<>();
        for (int index = 0; index + 1 < messages.size(); index++) {
            if (messages.get(index) instanceof WatchDelivered && messages.get(index + 1) instanceof WatchDelivered) {
                deliveries.add(index);
            }
        }
        int index = deliveries.get(random.nextInt(deliveries.size()));
        if (!(messages.get(index) instanceof WatchDelivered delivered)) {
            return;
        }
        ReplayedCommit commit = delivered.commit();
        switch (bug) {
            case WATCH_DROPS -> messages.remove(index);
            case WATCH_REPEATS -> messages.add(index, delivered);
            case WATCH_REORDERS -> Collections.swap(messages, index, index + 1);
            case WATCH_TEARS -> messages.set(index, new WatchDelivered(1, delivered.nanos(), with(commit, List.of())));
            case WATCH_INVENTS ->
                messages.set(
                        index,
                        new WatchDelivered(
                                1,
                                delivered.nanos(),
                                new ReplayedCommit(
                                        commit.commitTs(),
                                        commit.wallMillis(),
                                        new TxnId("invented"),
                                        commit.events())));
            case WATCH_LEAPS -> messages.add(index, new WatchProgressed(1, delivered.nanos(), commit.commitTs()));
            default -> {}
        }
    }
}
