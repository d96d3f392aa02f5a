package io.statehouse.raft;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time a member puts on entries: its own clock's, unless that is far from the clocks of the others.
 *
 * <p>Log time never goes back, so one clock that is years ahead would push it there for ever. Between two comparisons time
 * goes on by the monotonic clock: what is set meanwhile has no effect before it has been compared.
 */
final class ClusterClock implements InstantSource {
    /** So far from the others' a clock may be and is still believed. */
    static final Duration APART_MAX = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ClusterClock.class);
    private static final Duration READING_AGE_MAX = Duration.ofSeconds(10);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource own;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<String, Reading> readings = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> agreed = new CompletableFuture<>();
    private volatile @Nullable Reading base;

    /** Guarded by this. */
    private boolean isApart;

    /** What a clock said, and when by our monotonic clock. */
    private record Reading(long millis, long atNanos) {
        long millisAt(long nowNanos) {
            return millis + (nowNanos - atNanos) / NANOS_PER_MILLI;
        }
    }

    /** @param nanos goes on steadily whatever the clock is set to, as {@link System#nanoTime} does */
    ClusterClock(InstantSource own, LongSupplier nanos) {
        this.own = own;
        this.nanos = nanos;
    }

    /** This member's own clock, for the others to compare theirs with. */
    long ownMillis() {
        return own.millis();
    }

    /** Takes note of another member's clock as it was at an instant of our monotonic clock. */
    void learn(String memberId, long millis, long atNanos) {
        readings.put(memberId, new Reading(millis, atNanos));
    }

    /**
     * Chooses the time to go on from: the own clock's, or the middle of all where the own is far from it. Of two in the middle
     * it is the earlier, since time that was too early can be made up for. Without a majority all stays as it is.
     *
     * @param others the other voting members
     */
    synchronized void agree(Collection<String> others) {
        long now = nanos.getAsLong();
        long mine = own.millis();
        List<Long> clocks = new ArrayList<>(List.of(mine));
        for (String other : others) {
            Reading reading = readings.get(other);
            if (reading != null && now - reading.atNanos() <= READING_AGE_MAX.toNanos()) {
                clocks.add(reading.millisAt(now));
            }
        }
        if (clocks.size() * 2 <= others.size() + 1) {
            return;
        }
        Collections.sort(clocks);
        long middle = clocks.get((clocks.size() - 1) / 2);
        warnOnce(mine - middle);
        base = new Reading(isApart ? middle : mine, now);
        agreed.complete(null);
    }

    private void warnOnce(long aheadMillis) {
        boolean wasApart = isApart;
        isApart = Math.abs(aheadMillis) > APART_MAX.toMillis();
        if (isApart && !wasApart) {
            LOG.warn("this clock is far from those of the other members; theirs is used ahead_ms={}", aheadMillis);
        } else if (wasApart && !isApart) {
            LOG.info("this clock is near those of the other members again");
        }
    }

    /** Completes when a majority has been heard for the first time. */
    CompletableFuture<Void> agreed() {
        return agreed;
    }

    /** @throws LogException.Unavailable before a majority has been heard */
    @Override
    public long millis() {
        Reading from = base;
        if (from == null) {
            throw new LogException.Unavailable("this member has not compared its clock with a majority yet", null);
        }
        return from.millisAt(nanos.getAsLong());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
