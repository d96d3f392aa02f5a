package io.statehouse.raft;

import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.RetainDue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leader log what no caller asks for: the digest of its rows, and that time has passed when a key is due to lose its
 * value, or retention has something to let go, and nobody writes.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final InstantSource clock;
    private final Watched watched;
    private final Consumer<Command> log;
    private final ScheduledExecutorService thread;

    /** Only the thread uses it. */
    private final DigestChecks digests = new DigestChecks();

    /** The member that is looked after. */
    interface Watched {
        boolean isLeading();

        <T> T query(Function<StateMachine, T> question);
    }

    /**
     * Looks after a member once it is started.
     *
     * @param log takes a command; whether it gets into the log is not of interest, the next one is like it
     */
    Upkeep(String memberId, InstantSource clock, Watched watched, Consumer<Command> log) {
        this.clock = clock;
        this.watched = watched;
        this.log = log;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(memberId + "-upkeep").daemon().factory());
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (watched.isLeading()) {
                digests.due(watched.query(StateMachine::progress)).ifPresent(log);
                if (watched.query(StateMachine::nextDeadlineMillis) <= clock.millis()) {
                    log.accept(new ExpireDue());
                }
                if (watched.query(machine -> machine.isRetentionDue(clock.millis()))) {
                    log.accept(new RetainDue());
                }
            }
        } catch (LogException e) {
            LOG.debug("nothing was looked after", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
