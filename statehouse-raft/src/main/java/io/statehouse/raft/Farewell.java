package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, whenever there is doubt, whether the cluster has removed this member, and ends the process if so.
 *
 * <p>There is doubt when Ratis has closed this replica unasked, when this member does not find itself in the configuration
 * although it once belonged there, and when it knows no leader. One that was killed before it noted its removal would wait
 * for ever otherwise, and show an old state to whoever asks.
 */
final class Farewell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    /** How often a running member looks whether there is doubt. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** Between two rounds of asking everybody. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** How many times the longest silence of a leader it goes on asking: the others may be electing one. */
    private static final int SILENCES_MAX = 2;

    private final RaftOptions options;
    private final RaftServer.Division division;
    private final PeerLink link;
    private final DiskGuard guard;
    private final Halt halt;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean isSaid = new AtomicBoolean();
    private volatile boolean hasHeardOfLeader;

    /** Only the thread uses it. */
    private boolean isAdmitted;

    Farewell(RaftOptions options, RaftServer.Division division, PeerLink link, DiskGuard guard, Halt halt) {
        this.options = options;
        this.division = division;
        this.link = link;
        this.guard = guard;
        this.halt = halt;
        this.isAdmitted = guard.wasAdmitted();
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .name(options.self().id() + "-farewell")
                .daemon()
                .factory());
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            boolean isMember = isMember();
            if (isMember && !isAdmitted && isConfigurationApplied()) {
                guard.recordAdmitted();
                isAdmitted = true;
            }
            boolean isDoubtful = !isMember || division.getInfo().getLeaderId() == null;
            if (isAdmitted && isDoubtful && ask().contains(false)) {
                sayRemoved();
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "cannot find out whether this is a member member={}",
                    options.self().id(),
                    e);
        }
    }

    /**
     * Whether this peer knows that it belongs to the cluster: its latest configuration names it, and it has heard of a leader
     * since it was started. Nobody leads a member that was removed while it was away.
     */
    boolean isMember() {
        hasHeardOfLeader = hasHeardOfLeader || division.getInfo().getLeaderId() != null;
        return hasHeardOfLeader
                && division.getRaftConf().getPeer(division.getId(), RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)
                        != null;
    }

    /** One that is not applied may be taken back, and whoever was in it only was never a member. */
    private boolean isConfigurationApplied() {
        return division.getRaftConf().getLogEntryIndex() <= division.getInfo().getLastAppliedIndex();
    }

    /** When the replica is closed: once, whoever finds it so first. Blocks for a few timeouts of the link at most. */
    void end() {
        if (isSaid.get()) {
            return;
        }
        if (isRemoved()) {
            sayRemoved();
        } else if (isSaid.compareAndSet(false, true)) {
            halt.now(ExitCode.ZOMBIE, "Ratis has closed this replica by itself", null);
        }
    }

    private void sayRemoved() {
        if (!isSaid.compareAndSet(false, true)) {
            return;
        }
        guard.recordRemoved();
        halt.now(
                ExitCode.REMOVED,
                "the cluster has removed this member; to let it in again, start it with an empty data directory and --join",
                null);
    }

    /** False when no leader says so: a peer that was not removed may be needed. */
    private boolean isRemoved() {
        long deadline = System.nanoTime()
                + options.electionTimeoutMax().multipliedBy(SILENCES_MAX).toNanos();
        Set<Boolean> answers = ask();
        while (answers.isEmpty() && System.nanoTime() - deadline < 0 && Pause.isOver(PAUSE)) {
            answers = ask();
        }
        return answers.contains(false);
    }

    /** What leaders say: whether this peer is a member. */
    private Set<Boolean> ask() {
        String peerId = guard.identity().peerId();
        var questions = others().stream()
                .map(member -> link.readMembership(member, peerId))
                .toList();
        Set<Boolean> answers = new HashSet<>();
        for (var question : questions) {
            try {
                answers.add(question.get());
            } catch (ExecutionException e) {
                LOG.debug("a member that does not lead or does not answer has no say", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Set.of();
            }
        }
        return answers;
    }

    /** Whoever may lead: those this member knew last, and those it was started with. */
    private List<Member> others() {
        var known = division.getRaftConf().getAllPeers().stream().map(Members::member);
        return Stream.concat(known, options.members().stream())
                .filter(member -> !member.raftAddress().equals(options.self().raftAddress()))
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
