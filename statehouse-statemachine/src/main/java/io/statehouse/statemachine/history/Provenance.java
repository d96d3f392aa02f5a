package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.CommitView;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why the state is what it is: which transaction made a version, what that one had read, and who read later what it wrote.
 *
 * <p>It knows of reads what callers have said of them.
 */
public final class Provenance {
    private final Store store;
    private final Journal journal;
    private final Supplier<CommitPoint> latest;

    /** @param latest the last commit that readers may see */
    public Provenance(Store store, Journal journal, Supplier<CommitPoint> latest) {
        this.store = store;
        this.journal = journal;
        this.latest = latest;
    }

    /**
     * The commit made under an id, however long ago; null when there is none. An id that was used again after it was
     * forgotten stands for its newest commit.
     */
    public @Nullable CommittedTransaction find(TxnId id) {
        CommitTs last = latest.get().commitTs();
        KeyRange range = KeyRange.ofPrefix(KeyCodec.ofTransactions(id)).startingAt(KeyCodec.ofTransaction(id, last));
        try (Cursor cursor = store.ascending(Table.TRANSACTIONS, range)) {
            return cursor.advance() ? journal.find(KeyCodec.commitTsOfTransaction(cursor.key())) : null;
        }
    }

    /** The commit that made a version of a key; null when there is no such version. */
    public @Nullable CommittedTransaction findWriter(Key key, long version) {
        Entry made = new CommitView(store, latest.get()).findVersion(key, version);
        return made == null ? null : journal.find(made.commitTs());
    }

    /**
     * What a transaction had read.
     *
     * @param from position in its read set to begin at; 0 = the beginning
     * @param bytesMax stop after the read with which the values pass this many bytes
     */
    public Reads reads(CommittedTransaction commit, int from, long bytesMax) {
        CommitView present = new CommitView(store, latest.get());
        List<Read> reads = new ArrayList<>();
        long bytes = 0;
        int next = from;
        for (; next < commit.readSet().size() && bytes <= bytesMax; next++) {
            ReadRecord read = commit.readSet().get(next);
            boolean isErased = present.isErased(read.key(), read.version());
            Entry found = isErased ? null : present.findVersion(read.key(), read.version());
            // What was written later, it cannot have read, whatever it says.
            Entry entry = found != null && commit.commitTs().isAfter(found.commitTs()) ? found : null;
            reads.add(new Read(read, entry, isErased));
            bytes += entry == null || entry.value() == null ? 0 : entry.value().length();
        }
        return new Reads(reads, next);
    }

    /**
     * Who read later what a transaction wrote, in the order of its events and then of the commits that read.
     *
     * @param from where to begin; {@link Position#START} or the page before's next
     */
    public Readers readers(CommittedTransaction commit, Position from, int itemsMax) {
        List<Reader> readers = new ArrayList<>();
        Position next = from;
        while (next.event() < commit.events().size()) {
            Event event = commit.events().get(next.event());
            // A transaction cannot have read what was written after it, whatever it says.
            CommitTs after = next.after().isAfter(commit.commitTs()) ? next.after() : commit.commitTs();
            try (Cursor cursor = store.ascending(Table.READERS, readersOf(event, after))) {
                while (cursor.advance()) {
                    CommitTs at = KeyCodec.commitTsOfListed(cursor.key());
                    if (readers.size() >= itemsMax) {
                        return new Readers(readers, next);
                    }
                    readers.add(new Reader(at, journal.txnId(at), event.key(), event.version()));
                    next = new Position(next.event(), at);
                }
            }
            next = new Position(next.event() + 1, CommitTs.ZERO);
        }
        return new Readers(readers, null);
    }

    private KeyRange readersOf(Event event, CommitTs after) {
        byte[] version = KeyCodec.ofReaders(KeyCodec.ofKey(event.key()), event.version());
        return KeyRange.between(
                KeyCodec.ofListed(version, after.next()),
                KeyCodec.ofListed(version, latest.get().commitTs().next()));
    }

    /**
     * One thing a transaction had read.
     *
     * @param entry null = there was no such version when it committed, or it is erased
     * @param isErased retention has let the version go
     */
    public record Read(ReadRecord record, @Nullable Entry entry, boolean isErased) {}

    /** Some of what a transaction had read, and where to go on: the size of its read set at the end. */
    public record Reads(List<Read> reads, int next) {
        public Reads {
            reads = List.copyOf(reads);
        }
    }

    /** A transaction that had read a version of a key. */
    public record Reader(CommitTs commitTs, TxnId txnId, Key key, long version) {}

    /** Some of who read what a transaction wrote, and where to go on; null at the end. */
    public record Readers(List<Reader> readers, @Nullable Position next) {
        public Readers {
            readers = List.copyOf(readers);
        }
    }

    /** Among the readers of a transaction's writes: after a commit that read what an event wrote. */
    public record Position(int event, CommitTs after) {
        public static final Position START = new Position(0, CommitTs.ZERO);
    }
}
