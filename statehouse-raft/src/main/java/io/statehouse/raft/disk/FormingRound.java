package io.statehouse.raft.disk;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a forming node may conclude from one round of questions to all other founding members.
 *
 * <p>A cluster exists when every founder has heard every other one and all have heard the same. Hearing alone is not
 * enough: a member that is wiped and comes back while the others form would be counted under both incarnations, by
 * different nodes. So a node forms only if each peer says in the same round that it heard exactly what this node heard;
 * what a peer has heard last never goes back to an earlier incarnation, and a node that has formed says so. Hence at
 * most one set of incarnations can ever be agreed while any node that agreed still has its disk.
 */
final class FormingRound {
    /** What a round came to. */
    sealed interface Outcome {}

    /** All have met, or a peer had recorded it already. */
    record Formed(NodeIdentity identity) implements Outcome {}

    /**
     * Not yet.
     *
     * @param self with what was heard in this round, to be told to peers that ask
     * @param missing who did not answer or has not heard the same yet
     */
    record Waiting(NodeIdentity self, SortedSet<String> missing) implements Outcome {}

    private FormingRound() {}

    /**
     * @param self forming
     * @param expected all founding members, this one included
     * @param answers by the id of the member that was asked; absent when it did not answer
     * @throws StartRefusedException when waiting cannot help
     */
    static Outcome conclude(NodeIdentity self, SortedSet<String> expected, Map<String, IdentityText.Answer> answers) {
        SortedMap<String, UUID> heard = new TreeMap<>(Map.of(self.nodeId(), self.incarnation()));
        for (Map.Entry<String, IdentityText.Answer> entry : answers.entrySet()) {
            NodeIdentity peer = entry.getValue().identity();
            requireSameName(entry.getKey(), peer);
            requireSameSeed(self, peer);
            if (peer.state() != NodeIdentity.State.FORMING) {
                return new Formed(adopt(self, peer));
            }
            requireSameFounders(self, expected, entry.getValue());
            heard.put(peer.nodeId(), peer.incarnation());
        }
        SortedSet<String> missing = new TreeSet<>(expected);
        missing.remove(self.nodeId());
        answers.forEach((id, answer) -> {
            if (answer.identity().founders().equals(heard)) {
                missing.remove(id);
            }
        });
        if (missing.isEmpty() && heard.keySet().equals(expected)) {
            return new Formed(self.formedWith(heard));
        }
        NodeIdentity told = new NodeIdentity(
                null, self.nodeId(), self.incarnation(), NodeIdentity.State.FORMING, heard, self.seed());
        return new Waiting(told, missing);
    }

    private static void requireSameName(String asked, NodeIdentity peer) {
        if (!asked.equals(peer.nodeId())) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION,
                    "the Raft address of member " + asked + " is answered by " + peer.nodeId()
                            + "; check the addresses in STATEHOUSE_MEMBERS and STATEHOUSE_NODE_ID of both");
        }
    }

    /** Members that begin with different states would stay different for ever. */
    private static void requireSameSeed(NodeIdentity self, NodeIdentity peer) {
        if (peer.isFounder() && !Objects.equals(self.seed(), peer.seed())) {
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED,
                    self.nodeId() + " begins with " + named(self.seed()) + ", but " + peer.nodeId() + " with "
                            + named(peer.seed())
                            + "; a new cluster begins with the same backup on all founding members, or with none");
        }
    }

    private static String named(@Nullable Seed seed) {
        return seed == null ? "no backup" : "backup " + seed.backup();
    }

    private static void requireSameFounders(NodeIdentity self, SortedSet<String> expected, IdentityText.Answer answer) {
        if (!answer.expected().equals(expected)) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION,
                    self.nodeId() + " is to found a cluster of " + expected + ", but "
                            + answer.identity().nodeId() + " one of " + answer.expected()
                            + "; give all founding members the same STATEHOUSE_MEMBERS");
        }
    }

    /** A peer has seen the cluster complete; its record counts, if it knows this very incarnation. */
    private static NodeIdentity adopt(NodeIdentity self, NodeIdentity peer) {
        UUID known = peer.founders().get(self.nodeId());
        if (known == null) {
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED,
                    "cluster " + peer.clusterId() + " runs already and " + self.nodeId()
                            + " is not one of its founding members "
                            + peer.founders().keySet()
                            + "; " + door(self) + ", and add it: statehousectl cluster add "
                            + self.nodeId());
        }
        if (!known.equals(self.incarnation())) {
            throw new StartRefusedException(
                    ExitCode.IDENTITY_REFUSED,
                    peer.nodeId() + " knows " + self.nodeId() + " as incarnation " + known
                            + ", but this data directory is new (incarnation " + self.incarnation()
                            + "): its votes and its part of the log are lost, so it must not vote under the old"
                            + " name. Bring the old directory back, or " + door(self) + " and let the node in:"
                            + " statehousectl cluster replace " + self.nodeId());
        }
        return self.formedWith(peer.founders());
    }

    /** How it comes in after all. */
    private static String door(NodeIdentity self) {
        return self.seed() == null ? "start it with --join" : "empty this one, start it with --join";
    }
}
