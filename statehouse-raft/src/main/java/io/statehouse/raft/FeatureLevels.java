package io.statehouse.raft;

import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the cluster use what a new release adds, once all members run it, and nothing of it before: a member halts at a command
 * that it does not know.
 */
final class FeatureLevels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureLevels.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final int ASKS_MAX = 5;
    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(200);

    private final int own;
    private final PeerLink link;
    private final Cluster cluster;
    private final ScheduledExecutorService thread;

    /** What is being raised to: a newcomer must know it, whether it is in force yet or not. */
    private volatile int aimed = FeatureLevel.FIRST;

    /** What all know who have said so since this member leads; its own level while nobody has. */
    private volatile int known;

    /**
     * The member as far as levels are concerned.
     *
     * @param others all other members, without a vote too
     * @param hasNewcomers whether somebody is being let in who does not belong to them yet
     */
    record Cluster(
            Replica replica,
            Upkeep.Watched member,
            Supplier<List<Member>> others,
            Supplier<Boolean> hasNewcomers,
            Consumer<Command> log) {}

    FeatureLevels(RaftOptions options, PeerLink link, Cluster cluster) {
        this.own = options.featureLevelMax();
        this.known = own;
        this.link = link;
        this.cluster = cluster;
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .name(options.self().id() + "-features")
                .daemon()
                .factory());
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (!cluster.member.isLeading()) {
                known = own;
            } else if (inForce() < own) {
                raise();
            }
        } catch (LogException | ExecutionException e) {
            LOG.debug("the feature level was not raised, somebody does not say what he knows", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // An exception that left would end all looks.
            LOG.warn("the feature level was not raised; it is tried again", e);
        }
    }

    private void raise() throws ExecutionException, InterruptedException {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        cluster.others.get().forEach(member -> answers.add(link.readFeatureLevel(member)));
        int lowest = own;
        ExecutionException silence = null;
        for (var answer : answers) {
            try {
                lowest = Math.min(lowest, answer.get());
            } catch (ExecutionException e) {
                silence = e;
            }
        }
        known = lowest;
        if (silence != null) {
            throw silence;
        }
        if (lowest <= inForce()) {
            return;
        }
        // In this order: whoever is let in after the look hears of the aim.
        aimed = lowest;
        if (!cluster.hasNewcomers.get()) {
            LOG.info("all members know a higher feature level level={}", lowest);
            cluster.log.accept(new RaiseFeatureLevel(lowest));
        }
    }

    private int inForce() {
        return cluster.replica.query(StateMachine::featureLevel);
    }

    /**
     * Fails when the cluster does not use yet what a command needs: for good when a member does not know it, and for now when
     * it is only that not all have said that they do.
     */
    void requireInForce(Command command) {
        int needed = FeatureLevel.of(command);
        if (needed <= FeatureLevel.FIRST || command instanceof RaiseFeatureLevel || needed <= inForce()) {
            return;
        }
        if (needed > known) {
            throw new LogException.TooNew(needed, inForce());
        }
        throw new LogException.Unavailable(
                "this needs feature level " + needed + ", and the cluster uses " + inForce()
                        + " until every member has said that it knows more",
                null);
    }

    /** Fails when a node could not follow the log that it would be let in to. */
    void requireKnownTo(Member newcomer) {
        int needed = Math.max(aimed, inForce());
        int known = needed == FeatureLevel.FIRST ? needed : knownTo(newcomer);
        if (known < needed) {
            throw new LogException.ChangeRefused(
                    LogException.Reason.OLD_VERSION,
                    "node '" + newcomer.id() + "' runs a release that knows feature level " + known
                            + ", and the cluster uses " + needed + "; start a newer release there");
        }
    }

    /** A connection that somebody else has left at its address fails once. */
    private int knownTo(Member newcomer) {
        for (int ask = 0; ask < ASKS_MAX; ask++) {
            try {
                return link.readFeatureLevel(newcomer).get();
            } catch (ExecutionException e) {
                LOG.debug("a newcomer did not say what it knows", e);
                boolean unused = Pause.isOver(ASK_AGAIN_AFTER);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LogException.Unavailable("interrupted", e);
            }
        }
        throw new LogException.ChangeRefused(
                LogException.Reason.UNREACHABLE,
                "node '" + newcomer.id() + "' does not say which feature level it knows; ask again");
    }

    /** As the decoder does with what no release knows; a member of an earlier release knows less. */
    static void requireKnown(LoggedBatch batch, int most) {
        for (Command command : batch.commands()) {
            if (FeatureLevel.of(command) > most) {
                throw new StoreFailedException("the log holds a command of feature level " + FeatureLevel.of(command)
                        + ", and this member takes part in " + most + " at most");
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
