package io.statehouse.statemachine.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Floors;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows that commits must have left behind, made again and compared with those that are there. */
final class DerivedRows {
    private final Rows rows;
    private final @Nullable CommitTs headsUpTo;

    /** Keys whose heads were found missing, and may be; as many as there are in memory at most. */
    private final Set<ByteBuffer> missing = new HashSet<>();

    DerivedRows(Rows rows) {
        this.rows = rows;
        this.headsUpTo = AppliedCodec.headsUpTo(rows);
    }

    /** Makes the rows of a commit again and compares them. */
    Findings compare(CommittedTransaction commit, StateDigest before) {
        Comparison comparison = new Comparison();
        StateDigest digest;
        try (WriteUnit expected = new WriteUnit(rows)) {
            digest = Projector.project(commit, expected, before);
            JournalIndex.index(commit, expected);
            expected.replay(comparison);
        }
        String wrong = comparison.wrong == null ? firstWrongName(commit) : comparison.wrong;
        return new Findings(wrong == null ? firstWronglyErased(commit) : wrong, digest);
    }

    /** What is marked as erased must be gone, and a floor must have passed it. */
    private @Nullable String firstWronglyErased(CommittedTransaction commit) {
        for (Event event : commit.events()) {
            if (event instanceof Event.EntryErased erased) {
                Agent agent = erased.key().agent();
                byte[] row = KeyCodec.ofVersion(KeyCodec.ofKey(erased.key()), commit.commitTs(), erased.version());
                if (rows.get(Table.VERSIONS, row) != null) {
                    return "a version that the journal says is erased is there";
                }
                CommitTs floor =
                        Floors.find(rows, agent.timeline(), agent.namespace()).floor();
                if (!floor.isAfter(commit.commitTs())) {
                    return "a version is erased although the namespace is kept since commit " + floor;
                }
            }
        }
        return null;
    }

    /**
     * What came of a comparison.
     *
     * @param wrong what is wrong with the rows; null when nothing is
     * @param digest with the rows as they must be
     */
    record Findings(@Nullable String wrong, StateDigest digest) {}

    /** The projector writes the names of agents and namespaces only where there are none, so they are looked at apart. */
    private @Nullable String firstWrongName(CommittedTransaction commit) {
        for (Event event : commit.events()) {
            Agent agent = event.key().agent();
            byte[] agentRow = KeyCodec.ofAgent(agent);
            byte[] namespaceRow = KeyCodec.ofNamespace(agent.timeline(), agent.namespace());
            if (!isKnownSince(Table.AGENTS, agentRow, Table.AGENT_EVENTS, commit.commitTs())
                    || !isKnownSince(Table.NAMESPACES, namespaceRow, Table.NAMESPACE_EVENTS, commit.commitTs())) {
                return "the agent or namespace of a key is not listed since its first commit";
            }
        }
        return null;
    }

    private boolean isKnownSince(Table names, byte[] name, Table events, CommitTs at) {
        byte[] row = rows.get(names, name);
        if (row == null || row.length != Long.BYTES) {
            return false;
        }
        long since = KeyCodec.number(row);
        return since > 0
                && since <= at.value()
                && rows.get(events, KeyCodec.ofListed(name, new CommitTs(since))) != null;
    }

    /** A head follows its key: it may name a later version than this one, and then it is looked at where that was made. */
    private boolean isLaterVersion(byte[] key, byte @Nullable [] found, byte[] made) {
        if (found == null) {
            return false;
        }
        try {
            KeyHead head = HeadCodec.decode(found);
            return head.version() > HeadCodec.decode(made).version()
                    && rows.get(Table.VERSIONS, KeyCodec.ofVersion(key, head.commitTs(), head.version())) != null;
        } catch (StoreFailedException e) {
            return false;
        }
    }

    /** The newest version was made by a commit whose heads are not in the table yet; what it says of the key is passed over. */
    private boolean isHeadMissing(byte[] key) {
        CommitTs upTo = headsUpTo;
        if (upTo == null || missing.contains(ByteBuffer.wrap(key))) {
            return upTo != null;
        }
        Row newest = rows.first(Table.VERSIONS, KeyRange.ofPrefix(key));
        return newest != null
                && KeyCodec.commitTsOfVersion(newest.key()).isAfter(upTo)
                && missing.add(ByteBuffer.wrap(key));
    }

    private final class Comparison implements WriteUnit.Writer {
        private @Nullable String wrong;

        @Override
        public void put(Table table, byte[] key, byte[] value) {
            byte[] found = rows.get(table, key);
            boolean isRight = Arrays.equals(found, value)
                    || (table == Table.HEADS && (isLaterVersion(key, found, value) || isHeadMissing(key)));
            if (wrong == null && !isRight) {
                wrong = "a row of table " + table.diskName() + (found == null ? " is missing" : " is another");
            }
        }

        @Override
        public void delete(Table table, byte[] key) {}
    }
}
