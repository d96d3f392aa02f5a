package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Event;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.Watch;
import io.statehouse.client.WatchQuery;
import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.cluster.check.history.WatchScope;
import io.statehouse.statemachine.CommitTs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches through the Java client: one watch outlives its nodes, and what it says it has delivered is where the next begins.
 *
 * <p>How the client goes from node to node is its own business, so all of that is one stream here, in which nothing may be
 * missing or twice.
 */
final class ClientWatcher implements Workload.Actor {
    private static final Duration TURN = Duration.ofMillis(500);
    private static final Duration FINISH_MAX = Duration.ofSeconds(30);
    private static final Duration PROGRESS = Duration.ofMillis(300);
    private static final int LEAVE_PERCENT = 15;
    private static final String NODES = "all";

    private final Desk desk;
    private final WatchScope scope;
    private final StatehouseClient client;
    private @Nullable Following following;

    /** What the last watch gave as the place to go on from. */
    private long resumeTs = 1;

    private record Following(long stream, Watch watch) {}

    ClientWatcher(Desk desk, WatchScope scope, Duration patience) {
        this.desk = desk;
        this.scope = scope;
        this.client = StatehouseClient.connect(
                ClientOptions.of(String.join(",", desk.addresses())).callTimeout(patience));
    }

    @Override
    public void act() {
        follow(TURN);
        if (desk.chance(LEAVE_PERCENT)) {
            leave("left", CommitTs.ZERO);
        }
    }

    @Override
    public void finish(CommitTs last) {
        long deadline = System.nanoTime() + FINISH_MAX.toNanos();
        while (resumeTs <= last.value() && System.nanoTime() < deadline) {
            follow(TURN);
        }
        // Claims all of it even if it is not there in time: then what is missing shows as a gap.
        leave("finished", last);
        client.close();
    }

    private void follow(Duration time) {
        Following now = open();
        long end = System.nanoTime() + time.toNanos();
        try {
            while (System.nanoTime() < end) {
                Event event = now.watch().poll(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
                if (event != null) {
                    write(new WatchDelivered(now.stream(), now(), Words.commit(event)));
                }
                pass(now, event != null);
            }
        } catch (StatehouseException e) {
            pass(now, false);
            leave(String.valueOf(e.getMessage()), CommitTs.ZERO);
        }
    }

    /** Believes what the watch says of how far it has come; the checker does not. */
    private void pass(Following now, boolean isEvent) {
        long next = now.watch().resumeTs();
        if (next > resumeTs && !isEvent) {
            write(new WatchProgressed(now.stream(), now(), new CommitTs(next - 1)));
        }
        resumeTs = Math.max(resumeTs, next);
    }

    private Following open() {
        Following now = following;
        if (now != null) {
            return now;
        }
        long stream = desk.recorder().history().nextId();
        write(new WatchOpened(stream, "client-watcher-" + desk.process(), NODES, now(), scope, new CommitTs(resumeTs)));
        var all = scope.agent().isEmpty() ? WatchQuery.allAgents() : WatchQuery.of(scope.agent());
        var query = all.keyPrefix(scope.keyPrefix()).from(resumeTs).progress(PROGRESS);
        var opened = new Following(stream, client.watch(query));
        following = opened;
        return opened;
    }

    private void leave(String reason, CommitTs until) {
        Following now = following;
        if (now == null && until.equals(CommitTs.ZERO)) {
            return;
        }
        Following last = now == null ? open() : now;
        last.watch().close();
        following = null;
        write(new WatchEnded(last.stream(), now(), reason, until));
    }

    private void write(HistoryLine line) {
        desk.recorder().history().write(line);
    }

    private long now() {
        return desk.recorder().history().nanos();
    }
}
