package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.codec.EntryCodec;
import io.statehouse.statemachine.codec.HeadCodec;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.JournalRecord;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.LedgerCodec;
import io.statehouse.statemachine.codec.RetentionCodec;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.HeadCache;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.PendingHeads;
import io.statehouse.statemachine.state.Retained;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a store back to what it was right after a commit: what later commits left behind is taken away, the newest first.
 *
 * <p>What stays is not touched, so versions, times, chain and digest are those of then. For a copy that nobody uses: when it
 * fails halfway, the copy is of no use.
 */
public final class Rewind {
    private static final int COMMITS_PER_UNIT = 50;
    private static final int ROWS_PER_UNIT = 1_000;
    private static final byte[] START = new byte[0];

    private final Store store;
    private final CommitPoint point;

    private Rewind(Store store, CommitPoint point) {
        this.store = store;
        this.point = point;
    }

    /**
     * Takes the store back, and flushes it.
     *
     * @throws IllegalArgumentException when the store has no such commit, or retention has let go of what it takes
     */
    public static Applied run(Store store, CommitTs to) {
        Backfill.run(store);
        Applied now = AppliedCodec.read(store);
        byte[] last = store.get(Table.JOURNAL, KeyCodec.ofNumber(to.value()));
        if (to.isAfter(now.commitTs()) || last == null) {
            throw new IllegalArgumentException("there is no commit " + to + "; the last one is " + now.commitTs());
        }
        JournalRecord record = JournalRecord.read(last);
        if (record == null) {
            throw new StoreFailedException("the row of commit " + to + " cannot be read");
        }
        Rewind rewind = new Rewind(store, new CommitPoint(to, record.commit().wallMillis()));
        rewind.takeBackRetention();
        return rewind.run(now, record);
    }

    /** First of all, because it may refuse: below a floor rows are missing. Policies stay, and go along the commits anew. */
    private void takeBackRetention() {
        try (WriteUnit unit = new WriteUnit(store);
                Cursor cursor = store.ascending(Table.RETENTION, KeyRange.all())) {
            while (cursor.advance()) {
                Retained retained = RetentionCodec.decode(cursor.value());
                if (retained.floor().isAfter(point.commitTs())) {
                    throw new IllegalArgumentException("a namespace is kept since commit " + retained.floor()
                            + ", so commit " + point.commitTs() + " cannot be had any more");
                }
                Retained then = new Retained(
                        retained.policy(), retained.floor(), takenBack(retained.cut()), takenBack(retained.seen()));
                unit.put(Table.RETENTION, cursor.key(), RetentionCodec.encode(then));
            }
            store.write(unit);
        }
    }

    private Retained.Mark takenBack(Retained.Mark mark) {
        return mark.at().isAfter(point.commitTs())
                ? new Retained.Mark(CommitTs.ZERO, 0, 0)
                : new Retained.Mark(mark.at(), mark.commits(), 0);
    }

    private Applied run(Applied now, JournalRecord last) {
        takeBackCommits();
        takeBackReplies();
        long refusals = Math.max(lastRefusal(), now.forgetting().refusalsSwept());
        CommitTs swept = now.forgetting().commitsSwept();
        Applied.Forgetting forgetting = new Applied.Forgetting(
                refusals, now.forgetting().refusalsSwept(), swept.isAfter(point.commitTs()) ? point.commitTs() : swept);
        StateDigest kept = last.digest();
        StateDigest digest = kept == null ? sumOfVersions().plus(now.trimming().trimmed()) : kept;
        Applied rewound = now.takenBackTo(point, last.chainHash(), digest, forgetting);
        try (WriteUnit unit = new WriteUnit(store)) {
            Quotas.forget(store, unit);
            unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(rewound));
            store.write(unit);
        }
        store.flush();
        return rewound;
    }

    private void takeBackCommits() {
        byte[] first = KeyCodec.ofNumber(point.commitTs().value() + 1);
        byte @Nullable [] end = null;
        int commits;
        do {
            commits = 0;
            try (WriteUnit unit = new WriteUnit(store);
                    Cursor cursor = store.descending(Table.JOURNAL, KeyRange.between(first, end))) {
                for (; commits < COMMITS_PER_UNIT && cursor.advance(); commits++) {
                    end = cursor.key();
                    takeBack(JournalCodec.decode(cursor.value()), unit);
                    unit.delete(Table.JOURNAL, end);
                }
                store.write(unit);
            }
        } while (commits == COMMITS_PER_UNIT);
    }

    private void takeBack(CommittedTransaction commit, WriteUnit unit) {
        try (WriteUnit leftBehind = new WriteUnit(store)) {
            Projector.project(commit, leftBehind, StateDigest.EMPTY);
            JournalIndex.index(commit, leftBehind);
            new Deadlines().keep(commit, leftBehind);
            leftBehind.replay(new Removal(unit));
        }
        for (Event event : commit.events()) {
            takeBackNames(event.key(), commit.commitTs(), unit);
            keepHead(KeyCodec.ofKey(event.key()), unit);
        }
        PendingHeads heads = new PendingHeads(unit, new HeadCache());
        for (Event event : commit.events()) {
            keepDeadline(event.key(), heads, unit);
        }
    }

    /** The projector writes these only where there are none, so it does not name them here. */
    private void takeBackNames(Key key, CommitTs at, WriteUnit unit) {
        takeBackIfSince(Table.AGENTS, KeyCodec.ofAgent(key.agent()), at, unit);
        takeBackIfSince(
                Table.NAMESPACES,
                KeyCodec.ofNamespace(key.agent().timeline(), key.agent().namespace()),
                at,
                unit);
    }

    private void takeBackIfSince(Table table, byte[] name, CommitTs at, WriteUnit unit) {
        byte[] since = store.get(table, name);
        if (since != null && KeyCodec.number(since) == at.value()) {
            unit.delete(table, name);
        }
    }

    /** The version before is the newest again. */
    private static void keepHead(byte[] key, WriteUnit unit) {
        Row newest = unit.first(Table.VERSIONS, KeyRange.ofPrefix(key));
        if (newest != null) {
            unit.put(Table.HEADS, key, HeadCodec.encode(EntryCodec.decodeHead(newest)));
        }
    }

    /** The value that holds again may have had a deadline, whose row was taken away when the deadline came. */
    private static void keepDeadline(Key key, PendingHeads heads, WriteUnit unit) {
        KeyHead head = heads.headOf(key);
        if (head.hasValue() && head.expiresMillis() != 0) {
            unit.put(Table.DEADLINES, KeyCodec.ofDeadline(head.expiresMillis(), KeyCodec.ofKey(key)), START);
        }
    }

    private void takeBackReplies() {
        removeIf(Table.LEDGER, row -> {
            KeptReply kept = LedgerCodec.decode(row);
            return kept.reply() instanceof Reply.Committed committed
                    ? committed.commitTs().isAfter(point.commitTs())
                    : kept.keptWallMillis() > point.wallMillis();
        });
        removeIf(Table.REFUSALS, row -> KeyCodec.number(row) > point.wallMillis());
    }

    private interface IsLater {
        boolean test(byte[] row);
    }

    private void removeIf(Table table, IsLater isLater) {
        byte[] from = START;
        int rows;
        do {
            rows = 0;
            try (WriteUnit unit = new WriteUnit(store);
                    Cursor cursor = store.ascending(table, KeyRange.between(from, null))) {
                for (; rows < ROWS_PER_UNIT && cursor.advance(); rows++) {
                    if (isLater.test(cursor.value())) {
                        unit.delete(table, cursor.key());
                    }
                    from = Arrays.copyOf(cursor.key(), cursor.key().length + 1);
                }
                store.write(unit);
            }
        } while (rows == ROWS_PER_UNIT);
    }

    private long lastRefusal() {
        try (Cursor cursor = store.descending(Table.REFUSALS, KeyRange.all())) {
            return cursor.advance() ? KeyCodec.number(cursor.key()) : 0;
        }
    }

    /** For a journal of a release that kept no digest. */
    private StateDigest sumOfVersions() {
        VersionCount count = VersionCount.adding(store);
        while (!count.isFinished()) {
            count.step(ROWS_PER_UNIT);
        }
        return count.digest();
    }

    /** Deletes every row that it is handed. */
    private record Removal(WriteUnit unit) implements WriteUnit.Writer {
        @Override
        public void put(Table table, byte[] key, byte[] value) {
            unit.delete(table, key);
        }

        @Override
        public void delete(Table table, byte[] key) {
            unit.delete(table, key);
        }
    }
}
