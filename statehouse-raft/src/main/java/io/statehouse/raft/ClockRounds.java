package io.statehouse.raft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the other members for their clocks again and again, whoever leads: the next leader must know before it begins. */
final class ClockRounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClockRounds.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** Once there is an agreement, so many looks are passed over between two rounds. */
    private static final int LOOKS_PER_ROUND = 10;

    /** An answer that took longer says too little about when the clock was read. */
    private static final Duration ROUND_TRIP_MAX = Duration.ofSeconds(2);

    private final ClusterClock clock;
    private final PeerLink link;
    private final Supplier<List<Member>> others;
    private final ScheduledExecutorService thread;

    /** Only the thread uses it. */
    private int looks;

    /** @param others the other voting members */
    ClockRounds(String memberId, ClusterClock clock, PeerLink link, Supplier<List<Member>> others) {
        this.clock = clock;
        this.link = link;
        this.others = others;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(memberId + "-clock").daemon().factory());
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (!clock.agreed().isDone() || looks % LOOKS_PER_ROUND == 0) {
                List<Member> asked = others.get();
                asked.forEach(this::ask);
                agree(asked);
            }
            looks++;
        } catch (RuntimeException e) {
            // An exception that left would end all rounds.
            LOG.warn("the clocks were not compared; they will be again", e);
        }
    }

    private void ask(Member member) {
        long sent = System.nanoTime();
        var unused = link.readClock(member).thenAccept(millis -> {
            long took = System.nanoTime() - sent;
            if (took <= ROUND_TRIP_MAX.toNanos()) {
                clock.learn(member.id(), millis, sent + took / 2);
                agree(others.get());
            }
        });
    }

    private void agree(List<Member> voters) {
        clock.agree(voters.stream().map(Member::id).toList());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
