package io.statehouse.statemachine.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.codec.JournalCodec;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.RetentionCodec;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.event.MadeVersion;
import io.statehouse.statemachine.state.Applied.Trimming;
import io.statehouse.statemachine.state.Floors;
import io.statehouse.statemachine.state.KeyVersions;
import io.statehouse.statemachine.state.Retained;
import io.statehouse.statemachine.state.Retained.Mark;
import io.statehouse.statemachine.storage.Cursor;
import io.statehouse.statemachine.storage.KeyRange;
import io.statehouse.statemachine.storage.Row;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of the past of namespaces by their policies, and raises their floors with it.
 *
 * <p>Two marks go along the commits of a namespace that are older than the grace, a bounded way each time. Where the first one comes, commits are counted
 * and versions beyond so many of a key go. The second one follows it up to what age and count let go: there goes what the
 * commit has superseded. Either way only versions go that a later commit has superseded, and the floor is that commit. So
 * whatever is asked as of the floor or later finds all that it ever found.
 */
public final class Retention {
    /** Bounds the work beside a commit: one more commit than it has made is worked off at least, so a backlog shrinks. */
    private static final int OPERATIONS_PER_COMMIT_MAX = 64;

    private static final int OPERATIONS_BY_TICK_MAX = 1_000;

    /** One namespace gets at most this part of what a tick has left, so that a long backlog holds up nobody for long. */
    private static final int SHARES_OF_A_TICK = 2;

    private final long nowMillis;
    private final WriteUnit unit;
    private final Erasure erasure;
    private final Trimming before;

    /** @param logWallMillis by which the age of commits is judged */
    public Retention(Trimming before, long logWallMillis, WriteUnit unit) {
        this.nowMillis = logWallMillis;
        this.unit = unit;
        this.erasure = new Erasure(unit, before.trimmed());
        this.before = before;
    }

    /** Puts a policy in force unless that would make too many namespaces. What it lets go, goes later. */
    public static Trimming set(SetRetention set, Trimming before, WriteUnit unit) {
        byte[] namespace = KeyCodec.ofNamespace(Timeline.MAIN, set.namespace());
        boolean isNew = unit.get(Table.RETENTION, namespace) == null;
        Trimming after = isNew ? new Trimming(before.namespaces() + 1, before.trimmed()) : before;
        if (after.namespaces() <= Limits.RETENTION_NAMESPACES_MAX) {
            Retained retained =
                    Floors.find(unit, Timeline.MAIN, set.namespace()).under(set.policy());
            unit.put(Table.RETENTION, namespace, RetentionCodec.encode(retained));
        }
        return after;
    }

    /** Works off a little of the namespaces that a commit has written to. */
    public Trimming follow(CommittedTransaction commit) {
        Set<Space> spaces = new LinkedHashSet<>();
        for (Event event : commit.events()) {
            spaces.add(new Space(
                    event.key().agent().timeline(), event.key().agent().namespace()));
        }
        for (Space space : spaces) {
            byte[] namespace = KeyCodec.ofNamespace(space.timeline(), space.namespace());
            byte[] row = unit.get(Table.RETENTION, namespace);
            if (row != null) {
                goOn(namespace, RetentionCodec.decode(row), Math.max(1, OPERATIONS_PER_COMMIT_MAX / spaces.size()));
            }
        }
        return after();
    }

    private record Space(Timeline timeline, String namespace) {}

    /** Works off some of every namespace. */
    public Trimming tick() {
        int left = OPERATIONS_BY_TICK_MAX;
        for (Row row : all(unit)) {
            left -= goOn(row.key(), RetentionCodec.decode(row.value()), Math.max(1, left / SHARES_OF_A_TICK));
        }
        return after();
    }

    /** Whether there is something to work off at a moment of log time. */
    public static boolean isDue(Rows rows, long logWallMillis) {
        for (Row row : all(rows)) {
            Retained retained = RetentionCodec.decode(row.value());
            boolean isLookDue = retained.policy().isCounting()
                    && retained.looksAt(nextWallMillis(rows, row.key(), retained.seen()), logWallMillis);
            if (isLookDue || retained.letsGo(nextWallMillis(rows, row.key(), retained.cut()), logWallMillis)) {
                return true;
            }
        }
        return false;
    }

    /** Wall time of the commit after a mark; the end of time when there is none. */
    private static long nextWallMillis(Rows rows, byte[] namespace, Mark mark) {
        if (mark.nextWallMillis() != 0) {
            return mark.nextWallMillis();
        }
        Row next = rows.first(Table.NAMESPACE_EVENTS, after(namespace, mark.at()));
        return next == null ? Long.MAX_VALUE : wallMillis(rows, KeyCodec.commitTsOfListed(next.key()));
    }

    private static long wallMillis(Rows rows, CommitTs at) {
        return JournalCodec.decodeWallMillis(journalRow(rows, at));
    }

    private static List<Row> all(Rows rows) {
        List<Row> all = new ArrayList<>();
        try (Cursor cursor = rows.ascending(Table.RETENTION, KeyRange.all())) {
            while (cursor.advance()) {
                all.add(new Row(cursor.key(), cursor.value()));
            }
        }
        return all;
    }

    private static KeyRange after(byte[] namespace, CommitTs at) {
        return KeyRange.ofPrefix(namespace).startingAt(KeyCodec.ofListed(namespace, at.next()));
    }

    private Trimming after() {
        return new Trimming(before.namespaces(), erasure.finish());
    }

    /** Moves both marks of a namespace on; returns about how many operations that took. */
    private int goOn(byte[] namespace, Retained retained, int operationsMax) {
        Steps steps = new Steps(retained);
        look(namespace, steps, operationsMax);
        cut(namespace, steps, operationsMax);
        if (!steps.now.equals(retained)) {
            unit.put(Table.RETENTION, namespace, RetentionCodec.encode(steps.now));
        }
        return steps.operations;
    }

    private void look(byte[] namespace, Steps steps, int operationsMax) {
        if (!steps.now.looksAt(steps.now.seen().nextWallMillis(), nowMillis)) {
            return;
        }
        try (Cursor commits = unit.ascending(
                Table.NAMESPACE_EVENTS, after(namespace, steps.now.seen().at()))) {
            for (int bound = steps.operations + operationsMax; steps.operations < bound && commits.advance(); ) {
                CommitTs at = KeyCodec.commitTsOfListed(commits.key());
                long wallMillis = wallMillis(unit, at);
                if (!steps.now.looksAt(wallMillis, nowMillis)) {
                    steps.now = steps.now.seesNext(wallMillis);
                    return;
                }
                steps.now = steps.now.saw(at);
                steps.operations++;
                if (steps.now.policy().keepVersions() > 0) {
                    pushOut(namespace, at, steps);
                }
            }
        }
    }

    /** Versions go that have more newer ones than are kept. */
    private void pushOut(byte[] namespace, CommitTs at, Steps steps) {
        for (MadeVersion made : versions(namespace, at)) {
            steps.operations++;
            long oldest = made.version() - steps.now.policy().keepVersions() + 1;
            CommitTs madeOldest = oldest > 1 ? commitOf(made.key(), oldest, at) : null;
            if (madeOldest != null && erasure.takeOlder(made.key(), madeOldest)) {
                steps.now = steps.now.from(madeOldest);
            }
        }
        erasure.finish();
    }

    private @Nullable CommitTs commitOf(Key key, long version, CommitTs at) {
        try (KeyVersions versions = new KeyVersions(unit, at)) {
            Row row = versions.ofVersion(KeyCodec.ofKey(key), version);
            return row == null ? null : KeyCodec.commitTsOfVersion(row.key());
        }
    }

    private void cut(byte[] namespace, Steps steps, int operationsMax) {
        if (!steps.now.letsGo(steps.now.cut().nextWallMillis(), nowMillis)) {
            return;
        }
        try (Cursor commits = unit.ascending(
                Table.NAMESPACE_EVENTS, after(namespace, steps.now.cut().at()))) {
            for (int bound = steps.operations + operationsMax; steps.operations < bound && commits.advance(); ) {
                CommitTs at = KeyCodec.commitTsOfListed(commits.key());
                long wallMillis = wallMillis(unit, at);
                if (!steps.now.letsGo(wallMillis, nowMillis)) {
                    steps.now = steps.now.cutsNext(wallMillis);
                    return;
                }
                steps.now = steps.now.cutAt(at);
                steps.operations++;
                letGoSuperseded(namespace, at, steps);
            }
        }
    }

    private void letGoSuperseded(byte[] namespace, CommitTs at, Steps steps) {
        for (MadeVersion made : versions(namespace, at)) {
            steps.operations++;
            if (made.version() > 1 && erasure.takeOlder(made.key(), at)) {
                steps.now = steps.now.from(at);
            }
        }
        erasure.finish();
    }

    /** What a commit has made of the namespace's keys; it may have written to others too. */
    private List<MadeVersion> versions(byte[] namespace, CommitTs at) {
        return JournalCodec.decodeVersions(journalRow(unit, at)).stream()
                .filter(made -> Arrays.equals(
                        namespace,
                        KeyCodec.ofNamespace(
                                made.key().agent().timeline(),
                                made.key().agent().namespace())))
                .toList();
    }

    private static byte[] journalRow(Rows rows, CommitTs at) {
        byte[] row = rows.get(Table.JOURNAL, KeyCodec.ofNumber(at.value()));
        if (row == null) {
            throw new StoreFailedException("commit " + at + " is missing in the journal; this replica must stop");
        }
        return row;
    }

    /** How far one namespace has come. */
    private static final class Steps {
        private Retained now;
        private int operations;

        Steps(Retained now) {
            this.now = now;
        }
    }
}
