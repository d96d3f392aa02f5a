package io.statehouse.node.service;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Halt;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.disk.Ballast;
import io.statehouse.raft.disk.DiskGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the disk on a thread of its own, which a slow disk may stop: a node that leads with a full one hands leadership on,
 * and one without room to go on ends while it still can do so in order.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    /** If the others are as full, leadership would only wander: each time it waits twice as long. */
    private static final Duration HAND_OVER_PAUSE_MIN = Duration.ofSeconds(5);

    private static final Duration HAND_OVER_PAUSE_MAX = Duration.ofMinutes(5);

    /** A node that was just started has better things to write. */
    private static final Duration BALLAST_AFTER = Duration.ofMinutes(1);

    private final DiskGauge gauge;
    private final ReplicatedLog log;
    private final @Nullable Path directory;
    private final Halt halt;
    private final LongSupplier nanoTime;
    private final long beganNanos;
    private final ScheduledExecutorService thread;

    /** Only the thread uses what follows. */
    private Duration pause = HAND_OVER_PAUSE_MIN;

    private long nextHandOverNanos;
    private boolean hasBallast;

    /**
     * A watch of one gauge; it does nothing before {@link #start}.
     *
     * @param directory the data directory; null = everything is kept in memory
     */
    public DiskWatch(DiskGauge gauge, ReplicatedLog log, @Nullable Path directory, Halt halt, LongSupplier nanoTime) {
        this.gauge = gauge;
        this.log = log;
        this.directory = directory;
        this.halt = halt;
        this.nanoTime = nanoTime;
        this.beganNanos = nanoTime.getAsLong();
        this.nextHandOverNanos = beganNanos;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("statehouse-disk").daemon().factory());
    }

    /** Begins to look. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::lookOnce, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookOnce() {
        try {
            look();
        } catch (RuntimeException e) {
            // A timer that throws is never called again.
            LOG.error("the disk could not be looked after once", e);
        }
    }

    void look() {
        boolean unused = gauge.look();
        DiskGauge.Space space = gauge.space();
        if (space.totalBytes() > 0 && space.freeBytes() < DiskGuard.FREE_BYTES_MIN) {
            halt.now(
                    ExitCode.STORAGE_FAILED,
                    "only " + space.freeBytes() + " bytes of the disk are free; free space, or delete " + Ballast.NAME
                            + " in the data directory for the time being, and start again",
                    null);
        } else if (gauge.isFull()) {
            handOverIfLeading();
        } else {
            pause = HAND_OVER_PAUSE_MIN;
            nextHandOverNanos = nanoTime.getAsLong();
            keepBallast(space);
        }
    }

    /** At once when it becomes full or begins to lead, and again while it goes on leading with a full disk. */
    private void handOverIfLeading() {
        var cluster = log.cluster();
        if (!cluster.isReady() || cluster.voters().size() < 2 || nanoTime.getAsLong() - nextHandOverNanos < 0) {
            return;
        }
        nextHandOverNanos = nanoTime.getAsLong() + pause.toNanos();
        pause = pause.compareTo(HAND_OVER_PAUSE_MAX) < 0 ? pause.multipliedBy(2) : HAND_OVER_PAUSE_MAX;
        var unused = log.transferLeadership(null).whenComplete((leader, failure) -> {
            if (failure == null) {
                LOG.warn("leadership handed over because the disk is nearly full leader={}", leader);
            } else {
                LOG.warn(
                        "leadership could not be handed over although the disk is nearly full: {}", failure.toString());
            }
        });
    }

    private void keepBallast(DiskGauge.Space space) {
        if (hasBallast
                || directory == null
                || nanoTime.getAsLong() - beganNanos < BALLAST_AFTER.toNanos()
                || space.freeBytes() < space.reserveBytes() + 2 * Ballast.BYTES) {
            return;
        }
        // Once for each life of the process, or it would be there again before its space was used.
        hasBallast = true;
        try {
            if (!Ballast.isThere(directory)) {
                Ballast.take(directory);
            }
        } catch (IOException e) {
            LOG.warn("cannot keep space in {} for a disk that is full", directory.resolve(Ballast.NAME), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
