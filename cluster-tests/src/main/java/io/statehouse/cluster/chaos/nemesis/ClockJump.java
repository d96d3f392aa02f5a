package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/**
 * The wall clock of the leader is put forward or back; the time that timeouts are measured by stays true. The commits must be
 * stamped with the time of the others. Needs clocks.
 */
public record ClockJump(Duration by) implements Fault {
    /** What the plan notes of the newest commit; {@link #TRUE} is right. */
    public static final String LOG_TIME = "the time commits are stamped with";

    /** It is the time of this machine, give or take what a crowded machine may add. */
    public static final String TRUE = "true";

    private static final String NOTICED = "this clock is far";
    private static final long LATENESS_MILLIS_MAX = 10_000;

    @Override
    public String name() {
        return "clock of leader " + (by.isNegative() ? "" : "+") + by.toMinutes() + " min";
    }

    @Override
    public Harm inflict(Scene scene) {
        var leader = scene.cluster().awaitLeader();
        var clock = scene.site().clock(scene.numberOf(leader));
        long before = noticed(leader);
        clock.jump(by);
        return new Simple(
                leader.id(),
                () -> noticed(leader) > before ? leader.id() + " says that its clock is far from the others'" : null,
                () -> {
                    scene.marks().seen(LOG_TIME, logTime(scene));
                    clock.jump(Duration.ZERO);
                });
    }

    private static long noticed(NodeProcess node) {
        try (var lines = Files.lines(node.log())) {
            return lines.filter(line -> line.contains(NOTICED)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String logTime(Scene scene) {
        try (var client = scene.cluster().client();
                var replay = client.replay(ReplayQuery.allAgents().newest(1))) {
            long off = replay.next().committedAt().toEpochMilli() - System.currentTimeMillis();
            return Math.abs(off) <= LATENESS_MILLIS_MAX ? TRUE : "off by " + off + " ms";
        } catch (StatehouseException e) {
            return "unknown: " + e.getMessage();
        }
    }
}
