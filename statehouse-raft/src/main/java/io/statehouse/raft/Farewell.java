package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, when Ratis has closed this replica unasked, whether the cluster has removed it, and ends the process. */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    /** A busy leader may answer late; nobody depends on this process any more. */
    private static final int ROUNDS_MAX = 3;

    private final RaftOptions options;
    private final RaftServer.Division division;
    private final PeerLink link;
    private final AtomicBoolean isSaid = new AtomicBoolean();

    Farewell(RaftOptions options, RaftServer.Division division, PeerLink link) {
        this.options = options;
        this.division = division;
        this.link = link;
    }

    /** Once, whoever finds the replica closed first. Blocks for a few timeouts of the link at most. */
    void end(DiskGuard guard, Halt halt) {
        if (!isSaid.compareAndSet(false, true)) {
            return;
        }
        if (!isRemoved(guard.identity().peerId())) {
            halt.now(ExitCode.ZOMBIE, "Ratis has closed this replica by itself", null);
            return;
        }
        guard.recordRemoved();
        halt.now(
                ExitCode.REMOVED,
                "the cluster has removed this member; to let it in again, start it with an empty data directory and --join",
                null);
    }

    /** False when no leader says so: a peer that was not removed may be needed. */
    private boolean isRemoved(String peerId) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Set<Boolean> answers = ask(peerId);
            if (!answers.isEmpty()) {
                return answers.contains(false);
            }
        }
        return false;
    }

    /** What leaders say: whether the peer is a member. */
    private Set<Boolean> ask(String peerId) {
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
}
