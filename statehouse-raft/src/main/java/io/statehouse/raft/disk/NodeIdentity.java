package io.statehouse.raft.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who this data directory is: a node of one cluster, in one incarnation.
 *
 * <p>An incarnation is drawn when a directory is first used. A node whose directory was lost comes back under another
 * one, so its peers can tell it from the voter they knew, which a name alone cannot do. It is then no founder: to Raft it is
 * a new peer that has to be let in.
 *
 * @param clusterId null until all founding members have met
 * @param founders node id → incarnation of every founding member; while forming, of those heard so far
 * @param seed the backup that the founders began with; null when they began with nothing
 */
public record NodeIdentity(
        @Nullable UUID clusterId,
        String nodeId,
        UUID incarnation,
        State state,
        SortedMap<String, UUID> founders,
        @Nullable Seed seed) {
    /** No node id holds it. */
    private static final char OF_INCARNATION = '@';

    /** Enough that no two incarnations of a node meet, and still readable in a log line. */
    private static final int INCARNATION_DIGITS = 12;

    private static final long VERSION_MASK = 0xF000L;
    private static final long VERSION_CUSTOM = 0x8000L;
    private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    /** How far this directory has come. */
    public enum State {
        /** Has an incarnation and does not know all others. Nothing was voted or stored. */
        FORMING,
        /** Knows the cluster; Ratis's directory is not known to be made yet. */
        FORMED,
        /** May vote. An empty Ratis directory is damage from now on. */
        MEMBER,
        /** Was told by the leader that it belongs to the cluster no more. It never starts again. */
        REMOVED
    }

    public NodeIdentity {
        founders = Collections.unmodifiableSortedMap(new TreeMap<>(founders));
        if ((state == State.FORMING) != (clusterId == null)) {
            throw new IllegalArgumentException(nodeId + " is " + state + " with cluster " + clusterId);
        }
        if (clusterId != null && !clusterId.equals(clusterIdOf(founders))) {
            throw new IllegalArgumentException("cluster " + clusterId + " was not founded by " + founders);
        }
        if (state == State.FORMING && !incarnation.equals(founders.get(nodeId))) {
            throw new IllegalArgumentException(
                    nodeId + " in incarnation " + incarnation + " is not among the founders " + founders);
        }
    }

    /** A directory nobody used before. */
    static NodeIdentity fresh(String nodeId, UUID incarnation) {
        return new NodeIdentity(
                null, nodeId, incarnation, State.FORMING, new TreeMap<>(Map.of(nodeId, incarnation)), null);
    }

    /** The same, beginning with a backup. */
    NodeIdentity with(Seed begun) {
        return new NodeIdentity(clusterId, nodeId, incarnation, state, founders, begun);
    }

    /** This node as one of the founders it has met. */
    NodeIdentity formedWith(SortedMap<String, UUID> met) {
        return new NodeIdentity(clusterIdOf(met), nodeId, incarnation, State.FORMED, met, seed);
    }

    /** This node once Ratis's directory exists. */
    NodeIdentity asMember() {
        return new NodeIdentity(clusterId, nodeId, incarnation, State.MEMBER, founders, seed);
    }

    /** This node once the cluster goes on without it. */
    NodeIdentity asRemoved() {
        return new NodeIdentity(clusterId, nodeId, incarnation, State.REMOVED, founders, seed);
    }

    /** A directory nobody used before, of a node that the cluster of another one shall let in. */
    static NodeIdentity joining(String nodeId, UUID incarnation, NodeIdentity member) {
        return new NodeIdentity(member.clusterId, nodeId, incarnation, State.FORMED, member.founders, null);
    }

    /** Whether this very incarnation was there when the cluster began. */
    public boolean isFounder() {
        return incarnation.equals(founders.get(nodeId));
    }

    /** Who this is to Raft: another one after each loss of the disk, because what was voted and promised is lost with it. */
    public String peerId() {
        String drawn = incarnation.toString().replace("-", "");
        return isFounder() ? nodeId : nodeId + OF_INCARNATION + drawn.substring(0, INCARNATION_DIGITS);
    }

    /** The node that a peer id belongs to. */
    public static String nodeOf(String peerId) {
        int end = peerId.indexOf(OF_INCARNATION);
        return end < 0 ? peerId : peerId.substring(0, end);
    }

    /** The cluster these founders make, on whichever of them it is computed. */
    static UUID clusterIdOf(SortedMap<String, UUID> founders) {
        StringBuilder text = new StringBuilder();
        founders.forEach((id, incarnation) ->
                text.append(id).append(' ').append(incarnation).append('\n'));
        ByteBuffer hash = ByteBuffer.wrap(sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~VERSION_MASK) | VERSION_CUSTOM;
        long low = (hash.getLong() & ~VARIANT_MASK) | VARIANT_RFC;
        return new UUID(high, low);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
