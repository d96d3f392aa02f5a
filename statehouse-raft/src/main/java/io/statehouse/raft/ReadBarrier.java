package io.statehouse.raft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/**
 * The leader's answer to "up to where must I have applied to read what is true now?".
 *
 * <p>Ratis's own answer is not used: it takes an old proof of leadership for a new one while the commit index stands
 * still, so a leader that was cut off serves stale reads (docs/decisions/0011).
 */
final class ReadBarrier implements AppenderRegistry.Listener {
    /** A majority that answers costs less than everybody; where it does not, the others are asked at the second look. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(3);

    /** In one of so many rounds everybody is asked, to learn who answers first. */
    private static final int ALL_IN_ROUNDS = 64;

    private final Supplier<RaftServer.Division> division;
    private final AppenderRegistry registry;
    private final Duration roundTimeout;
    private final FreshRounds rounds = new FreshRounds(this::startRound);

    /** The only round under way, or the last one. */
    private volatile @Nullable LeadershipRound round;

    private final AtomicInteger roundsStarted = new AtomicInteger();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    ReadBarrier(Supplier<RaftServer.Division> division, AppenderRegistry registry, Duration roundTimeout) {
        this.division = division;
        this.registry = registry;
        this.roundTimeout = roundTimeout;
        registry.listen(this);
    }

    /** A log index that covers every commit acknowledged before this call; fails where this member does not lead. */
    CompletableFuture<Long> confirm() {
        return rounds.join();
    }

    /**
     * As {@link #confirm}, for a member that will wait until it has applied as much: whoever was not asked hears by a question
     * up to where is committed, and not only with the next heartbeat.
     */
    CompletableFuture<Long> confirmToAll() {
        return rounds.join().whenComplete((index, failure) -> {
            var last = round;
            if (failure == null && last != null) {
                last.askOthers();
            }
        });
    }

    private CompletableFuture<Long> startRound() {
        try {
            var before = round;
            var starting = new LeadershipRound(division.get());
            round = starting;
            if (!starting.proof().isDone()) {
                ask(starting, before == null ? Set.of() : before.provenBy());
            }
            return starting.proof();
        } catch (RuntimeException e) {
            // Ratis answers with unchecked exceptions while it starts and while it closes.
            return CompletableFuture.failedFuture(new LogException.Unavailable("this member does not run", e));
        }
    }

    /** Those first who answered first the last time. */
    private void ask(LeadershipRound starting, Set<RaftPeerId> first) {
        var appenders = new ArrayList<>(registry.appenders().values());
        appenders.sort(Comparator.comparing(appender -> !first.contains(appender.getFollowerId())));
        starting.ask(appenders);
        if (roundsStarted.getAndIncrement() % ALL_IN_ROUNDS == 0) {
            starting.askOthers();
        }
        if (isLooking.compareAndSet(false, true)) {
            lookLater(null);
        }
    }

    /** One look at a time for however many rounds: it goes on while there are rounds, and sleeps when there are none. */
    private void lookLater(@Nullable LeadershipRound seen) {
        var unused = new CompletableFuture<@Nullable LeadershipRound>()
                .completeOnTimeout(seen, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(this::look);
    }

    private void look(@Nullable LeadershipRound seen) {
        var present = round;
        if (present != null && !present.proof().isDone()) {
            lookLater(present);
            if (present.equals(seen)) {
                present.askOthers();
            }
            present.endAfter(roundTimeout);
            return;
        }
        if (!Objects.equals(present, seen)) {
            lookLater(present);
            return;
        }
        isLooking.set(false);
        // One may have begun since, and found that somebody looks.
        if (!Objects.equals(round, present) && isLooking.compareAndSet(false, true)) {
            lookLater(null);
        }
    }

    /** This member leads no more: whoever waits for a proof may ask the next leader at once. */
    void onNotLeader() {
        var waiting = round;
        if (waiting != null) {
            waiting.proof().completeExceptionally(RatisFailures.notLeading(division.get()));
        }
    }

    @Override
    public void onReply(LogAppender appender, AppendEntriesReplyProto reply) {
        var waiting = round;
        if (waiting != null && !waiting.proof().isDone()) {
            waiting.onReply(appender, reply);
        }
    }

    @Override
    public void onAppender(BarrierAppender appender) {
        var waiting = round;
        if (waiting != null && !waiting.proof().isDone()) {
            waiting.ask(appender);
        }
    }
}
