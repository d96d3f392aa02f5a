package io.statehouse.raft.disk;

import io.statehouse.raft.disk.SealedLines.Line;
import io.statehouse.raft.disk.SealedLines.UnreadableException;
import io.statehouse.statemachine.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An identity as text: the same in its file and on the wire. */
final class IdentityText {
    static final int FORMAT = 1;

    private static final String KIND = "statehouse-identity";
    private static final String NODE = "node";
    private static final String INCARNATION = "incarnation";
    private static final String STATE = "state";
    private static final String CLUSTER = "cluster";
    private static final String FOUNDER = "founder";
    private static final String EXPECTS = "expects";
    private static final String SEED = "seed";
    private static final int SEED_WORDS = 3;

    /**
     * What a node says about itself.
     *
     * @param expected the members it was configured to found a cluster with
     */
    record Answer(NodeIdentity identity, SortedSet<String> expected) {}

    private IdentityText() {}

    static byte[] encode(NodeIdentity identity, Set<String> expected) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(NODE, identity.nodeId()));
        lines.add(Line.of(INCARNATION, identity.incarnation()));
        lines.add(Line.of(STATE, identity.state()));
        if (identity.clusterId() != null) {
            lines.add(Line.of(CLUSTER, identity.clusterId()));
        }
        identity.founders().forEach((id, incarnation) -> lines.add(Line.of(FOUNDER, id, incarnation)));
        Seed seed = identity.seed();
        if (seed != null) {
            lines.add(Line.of(
                    SEED, seed.backup(), seed.position().term(), seed.position().index()));
        }
        for (String id : new TreeSet<>(expected)) {
            lines.add(Line.of(EXPECTS, id));
        }
        return new SealedLines(KIND, FORMAT, lines).toBytes();
    }

    static Answer decode(byte[] bytes) throws UnreadableException {
        SealedLines sealed = SealedLines.parse(bytes, KIND, FORMAT);
        try {
            SortedMap<String, UUID> founders = new TreeMap<>();
            SortedSet<String> expected = new TreeSet<>();
            for (Line line : sealed.lines()) {
                if (line.name().equals(FOUNDER)) {
                    founders.put(
                            line.words().get(0), UUID.fromString(line.words().get(1)));
                } else if (line.name().equals(EXPECTS)) {
                    expected.add(line.words().get(0));
                }
            }
            UUID cluster = sealed.find(CLUSTER) == null ? null : UUID.fromString(sealed.word(CLUSTER));
            NodeIdentity identity = new NodeIdentity(
                    cluster,
                    sealed.word(NODE),
                    UUID.fromString(sealed.word(INCARNATION)),
                    NodeIdentity.State.valueOf(sealed.word(STATE)),
                    founders,
                    seed(sealed.find(SEED)));
            return new Answer(identity, expected);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnreadableException("it contradicts itself: " + e.getMessage(), false);
        }
    }

    private static @Nullable Seed seed(@Nullable List<String> words) {
        if (words == null) {
            return null;
        }
        if (words.size() != SEED_WORDS) {
            throw new IllegalArgumentException("a seed of " + words.size() + " words");
        }
        return new Seed(words.get(0), new LogPosition(Long.parseLong(words.get(1)), Long.parseLong(words.get(2))));
    }
}
