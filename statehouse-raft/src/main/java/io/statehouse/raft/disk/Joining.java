package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.Member;
import io.statehouse.raft.StartRefusedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns from the members of a running cluster which cluster it is, for a node with an empty disk. */
final class Joining {
    /** After it the process ends; nothing was written. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration ROUND = Duration.ofMillis(500);

    private final Member self;
    private final List<Member> others;
    private final IdentityProbe probe;

    Joining(Member self, List<Member> members, IdentityProbe probe) {
        this.self = self;
        this.others = members.stream()
                .filter(member -> !member.id().equals(self.id()))
                .toList();
        this.probe = probe;
    }

    /** This node in a new incarnation, in the cluster that the others belong to; nothing but the caller has recorded it. */
    NodeIdentity meet() {
        if (others.isEmpty()) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION,
                    self.id() + " is to join a cluster, but STATEHOUSE_MEMBERS names no other member of it");
        }
        LOG.info(
                "looking for a cluster to join member={} asking={}",
                self.id(),
                others.stream().map(Member::id).toList());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            NodeIdentity member = askAll();
            if (member != null) {
                return NodeIdentity.joining(self.id(), IdentityCheck.newIncarnation(), member);
            }
            if (System.nanoTime() - deadline > 0) {
                throw refused("no member of a running cluster answered within " + PATIENCE.toMinutes()
                        + " minutes; start them, then start this node again");
            }
            pause();
        }
    }

    /** Any member of the cluster; all who answer must be of the same. */
    private @Nullable NodeIdentity askAll() {
        NodeIdentity found = null;
        for (Member member : others) {
            IdentityText.Answer answer = probe.ask(member);
            if (answer == null || answer.identity().state() == NodeIdentity.State.FORMING) {
                continue;
            }
            NodeIdentity peer = answer.identity();
            if (found != null && !peer.founders().equals(found.founders())) {
                throw refused(found.nodeId() + " belongs to cluster " + found.clusterId() + ", but " + peer.nodeId()
                        + " to " + peer.clusterId() + "; check STATEHOUSE_MEMBERS");
            }
            found = peer;
        }
        return found;
    }

    private void pause() {
        LockSupport.parkNanos(ROUND.toNanos());
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw refused("told to stop while " + self.id() + " was looking for its cluster");
        }
    }

    private static StartRefusedException refused(String message) {
        return new StartRefusedException(ExitCode.IDENTITY_REFUSED, message);
    }
}
