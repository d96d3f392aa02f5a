package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.state.Floors;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The committed transactions in order, read by range, by agent, and from either end. */
public final class Journal {
    private static final byte[] EMPTY = new byte[0];

    private final Store store;
    private final Supplier<CommitTs> latest;

    /** @param latest the last commit that readers may see */
    public Journal(Store store, Supplier<CommitTs> latest) {
        this.store = store;
        this.latest = latest;
    }

    /**
     * Puts a commit's journal rows into a unit and returns the chain's hash with it.
     *
     * @param hashes the chain's hash before the commit and the digest with it
     */
    public static byte[] append(CommittedTransaction commit, byte[] salt, Hashes hashes, WriteUnit unit) {
        byte[] event = JournalCodec.encodeEvent(commit, salt);
        byte[] chain = HashChain.next(hashes.chain(), event);
        byte[] at = KeyCodec.ofNumber(commit.commitTs().value());
        unit.put(Table.JOURNAL, at, JournalCodec.encodeRow(commit, event, salt, new Hashes(chain, hashes.digest())));
        JournalIndex.index(commit, unit);
        return chain;
    }

    /** Where both hashes stand: the chain over the events and the digest over the rows. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; 32 bytes that nobody changes
    public record Hashes(byte[] chain, StateDigest digest) {}

    /** The digest with a commit; null where none was kept. */
    public static @Nullable StateDigest digestAt(CommitTs at, Rows rows) {
        if (at.equals(CommitTs.ZERO)) {
            return StateDigest.EMPTY;
        }
        byte[] row = rows.get(Table.JOURNAL, KeyCodec.ofNumber(at.value()));
        return row == null ? null : JournalCodec.decodeDigest(row);
    }

    /**
     * Reads one page. Bounded work: looks at no more than {@code rowsMax} rows and returns about {@code bytesMax} bytes at
     * most, whatever the query asks for.
     *
     * <p>A page that reaches below the floor of its namespace is none but a {@link
     * io.statehouse.statemachine.CompactedException}. The whole journal has no floor: what retention has let go is said so.
     */
    public JournalPage read(JournalQuery query, int rowsMax, long bytesMax) {
        if (rowsMax < 1) {
            throw new IllegalArgumentException("a page of " + rowsMax + " rows never ends");
        }
        long from = query.from().value();
        long to = Math.min(query.to().value(), latest.get().value());
        if (from > to) {
            return new JournalPage(List.of(), null);
        }
        Table table = tableOf(query.scope());
        byte[] prefix = prefixOf(query.scope());
        KeyRange range = KeyRange.between(
                KeyCodec.ofListed(prefix, new CommitTs(from)), KeyCodec.ofListed(prefix, new CommitTs(to + 1)));
        try (Cursor cursor = query.isReverse() ? store.descending(table, range) : store.ascending(table, range)) {
            JournalPage page = page(query, cursor, rowsMax, bytesMax);
            requireKept(query, page);
            return page;
        }
    }

    private void requireKept(JournalQuery query, JournalPage page) {
        CommitTs next = page.next();
        CommitTs lowest = query.isReverse() && next != null ? next.next() : query.from();
        switch (query.scope()) {
            case JournalQuery.Scope.Whole whole -> {}
            case JournalQuery.Scope.OfNamespace of -> Floors.require(store, of.timeline(), of.namespace(), lowest);
            case JournalQuery.Scope.OfAgent of ->
                Floors.require(store, of.agent().timeline(), of.agent().namespace(), lowest);
        }
    }

    private static Table tableOf(JournalQuery.Scope scope) {
        return switch (scope) {
            case JournalQuery.Scope.Whole whole -> Table.JOURNAL;
            case JournalQuery.Scope.OfNamespace namespace -> Table.NAMESPACE_EVENTS;
            case JournalQuery.Scope.OfAgent agent -> Table.AGENT_EVENTS;
        };
    }

    private static byte[] prefixOf(JournalQuery.Scope scope) {
        return switch (scope) {
            case JournalQuery.Scope.Whole whole -> EMPTY;
            case JournalQuery.Scope.OfNamespace of -> KeyCodec.ofNamespace(of.timeline(), of.namespace());
            case JournalQuery.Scope.OfAgent of -> KeyCodec.ofAgent(of.agent());
        };
    }

    private JournalPage page(JournalQuery query, Cursor cursor, int rowsMax, long bytesMax) {
        List<CommittedTransaction> events = new ArrayList<>();
        long bytes = 0;
        for (int rows = 0; cursor.advance(); rows++) {
            CommitTs at = KeyCodec.commitTsOfListed(cursor.key());
            if (rows >= rowsMax || bytes >= bytesMax) {
                return new JournalPage(events, at);
            }
            byte[] row = query.scope() instanceof JournalQuery.Scope.Whole ? cursor.value() : require(at);
            CommittedTransaction inScope = query.scope().cut(JournalCodec.decode(row));
            if (inScope != null) {
                events.add(inScope);
                bytes += row.length;
            }
        }
        return new JournalPage(events, null);
    }

    /** One commit; null before the first and beyond the last. */
    public @Nullable CommittedTransaction find(CommitTs at) {
        return at.equals(CommitTs.ZERO) || at.isAfter(latest.get()) ? null : JournalCodec.decode(require(at));
    }

    /** The id a commit was made under. */
    TxnId txnId(CommitTs at) {
        return JournalCodec.decodeTxnId(require(at));
    }

    /** Wall time of a commit; 0 before the first. */
    public long wallMillis(CommitTs at) {
        return at.equals(CommitTs.ZERO) ? 0 : JournalCodec.decodeWallMillis(require(at));
    }

    /** The last commit at or before an instant, by halving: wall times never fall along the journal. */
    public CommitTs latestAt(long wallMillis) {
        long low = 0;
        long high = latest.get().value();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (wallMillis(new CommitTs(middle)) <= wallMillis) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return new CommitTs(low);
    }

    private byte[] require(CommitTs at) {
        byte @Nullable [] row = store.get(Table.JOURNAL, KeyCodec.ofNumber(at.value()));
        if (row == null) {
            throw new StoreFailedException("commit " + at + " is missing in the journal; this replica must stop");
        }
        return row;
    }
}
