package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.Event;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The wall clock of the leader is put forward or back; the time that timeouts are measured by stays true. Needs clocks. */
public record ClockJump(Duration by) implements Fault {
    /** Log time that stands still lags so far behind that no load explains it. */
    private static final long STANDS_STILL_MILLIS = 2_000;

    @Override
    public String name() {
        return "clock of leader " + (by.isNegative() ? "" : "+") + by.toMinutes() + " min";
    }

    @Override
    public Harm inflict(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        var clock = scene.site().clock(scene.numberOf(leader));
        clock.jump(by);
        return new Simple(leader.id(), () -> sign(scene), () -> clock.jump(Duration.ZERO));
    }

    /** What the newest commit says of the time. It is stamped by the leader, and is never put back. */
    private @Nullable String sign(Scene scene) {
        Event newest = newest(scene);
        if (newest == null) {
            return null;
        }
        long ahead = newest.committedAt().toEpochMilli() - System.currentTimeMillis();
        boolean isSeen = by.isNegative() ? ahead < -STANDS_STILL_MILLIS : ahead > by.toMillis() / 2;
        return isSeen ? "commit " + newest.commitTs() + " is stamped " + ahead + " ms after the true time" : null;
    }

    private static @Nullable Event newest(Scene scene) {
        try (var client = scene.cluster().client();
                var replay = client.replay(ReplayQuery.allAgents().newest(1))) {
            return replay.hasNext() ? replay.next() : null;
        } catch (StatehouseException e) {
            return null;
        }
    }
}
