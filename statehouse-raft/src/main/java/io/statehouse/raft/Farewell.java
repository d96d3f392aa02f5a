package io.statehouse.raft;

import io.statehouse.raft.disk.DiskGuard;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, when Ratis has closed this replica unasked, whether the cluster has removed it, and ends the process. */
final class Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

    private final RaftOptions options;
    private final RaftServer.Division division;
    private final PeerLink link;

    Farewell(RaftOptions options, RaftServer.Division division, PeerLink link) {
        this.options = options;
        this.division = division;
        this.link = link;
    }

    /** Blocks for one timeout of the link at most. */
    void end(DiskGuard guard, Halt halt) {
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
        var answers = others().stream()
                .map(member -> link.readMembership(member, peerId))
                .toList();
        boolean isRemoved = false;
        for (var answer : answers) {
            try {
                isRemoved |= !answer.get();
            } catch (ExecutionException e) {
                LOG.debug("a member that does not lead or does not answer has no say", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return isRemoved;
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
