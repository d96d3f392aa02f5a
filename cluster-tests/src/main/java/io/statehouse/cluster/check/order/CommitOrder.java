package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.order.KeyPast.Held;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All commits in the order the server gave them, and what every key held after each of them. */
public final class CommitOrder {
    private final List<ReplayedCommit> commits;
    private final long lastTs;
    private final Map<Key, KeyPast> pasts = new HashMap<>();
    private final Map<Agent, List<Key>> keys = new HashMap<>();
    private final Map<TxnId, ReplayedCommit> byTxn = new HashMap<>();

    private CommitOrder(List<ReplayedCommit> commits, long lastTs) {
        this.commits = commits;
        this.lastTs = lastTs;
        for (ReplayedCommit commit : commits) {
            byTxn.putIfAbsent(commit.txnId(), commit);
            for (Event event : commit.events()) {
                pastOf(event.key())
                        .add(new Held(
                                valueOf(event),
                                event.version(),
                                commit.commitTs().value()));
            }
        }
    }

    /** The order as a node's journal tells it. */
    static CommitOrder of(Replay replay) {
        return new CommitOrder(sorted(replay.commits()), replay.lastTs().value());
    }

    /**
     * The order from the best source there is: the longest journal, else the answers themselves.
     *
     * @return null when there is no journal and the answers do not tell every commit
     */
    static @Nullable CommitOrder of(History history) {
        Replay longest = history.longestReplay();
        return longest == null ? ofAnswers(history) : of(longest);
    }

    private static @Nullable CommitOrder ofAnswers(History history) {
        List<ReplayedCommit> commits = new ArrayList<>();
        Set<TxnId> seen = new HashSet<>();
        for (Call call : history.calls()) {
            TxnId id = call.request().commits();
            if (id == null || call.outcome() == Outcome.FAIL) {
                continue;
            }
            if (!(call.request() instanceof Request.Commit commit)
                    || !(call.response() instanceof Response.Committed committed)
                    || commit.operations().size() != committed.versions().size()) {
                return null;
            }
            if (seen.add(id)) {
                commits.add(new ReplayedCommit(committed.commitTs(), 0, id, eventsOf(commit, committed)));
            }
        }
        return new CommitOrder(sorted(commits), Long.MAX_VALUE);
    }

    private static List<ReplayedCommit> sorted(List<ReplayedCommit> commits) {
        return commits.stream()
                .sorted(Comparator.comparing(ReplayedCommit::commitTs))
                .toList();
    }

    private static List<Event> eventsOf(Request.Commit commit, Response.Committed committed) {
        List<Event> events = new ArrayList<>();
        for (int index = 0; index < commit.operations().size(); index++) {
            events.add(
                    eventOf(commit.operations().get(index), committed.versions().get(index)));
        }
        return events;
    }

    /** What an operation becomes when it is applied. */
    static Event eventOf(Operation operation, long version) {
        return switch (operation) {
            case Operation.Put put -> new Event.EntryPut(put.key(), version, put.value());
            case Operation.Append append -> throw Request.unknown(append);
            case Operation.Edit edit -> throw Request.unknown(edit);
            case Operation.Delete delete -> new Event.EntryDeleted(delete.key(), version);
        };
    }

    static @Nullable Json valueOf(Event event) {
        return switch (event) {
            case Event.EntryPut put -> put.value();
            case Event.EntryDeleted deleted -> null;
            case Event.EntryErased erased -> throw new IllegalArgumentException("no replay shows " + erased);
        };
    }

    List<ReplayedCommit> commits() {
        return commits;
    }

    /** Up to here every commit is known. */
    long lastTs() {
        return lastTs;
    }

    @Nullable
    ReplayedCommit find(TxnId id) {
        return byTxn.get(id);
    }

    Held at(Key key, long commitTs) {
        KeyPast past = pasts.get(key);
        return past == null ? Held.NOTHING : past.at(commitTs);
    }

    /** The first commit after this one that changed the key; {@link Long#MAX_VALUE} when none did. */
    long nextChangeAfter(Key key, long commitTs) {
        KeyPast past = pasts.get(key);
        return past == null ? Long.MAX_VALUE : past.nextChangeAfter(commitTs);
    }

    /** Every key of an agent that was ever written, in no order. */
    List<Key> keysOf(Agent agent) {
        return keys.getOrDefault(agent, List.of());
    }

    private KeyPast pastOf(Key key) {
        KeyPast known = pasts.get(key);
        if (known != null) {
            return known;
        }
        KeyPast past = new KeyPast();
        pasts.put(key, past);
        keys.computeIfAbsent(key.agent(), agent -> new ArrayList<>()).add(key);
        return past;
    }

    /** Judges the order by itself: no position twice, versions that count by one, one commit per transaction. */
    void judge(Findings findings) {
        Map<Key, Long> versions = new HashMap<>();
        Map<TxnId, ReplayedCommit> seen = new HashMap<>();
        ReplayedCommit before = null;
        for (ReplayedCommit commit : commits) {
            if (before != null) {
                judgePair(before, commit, findings);
            }
            before = commit;
            ReplayedCommit other = seen.put(commit.txnId(), commit);
            if (other != null) {
                findings.add(Anomaly.DOUBLE_APPLY, text(other) + "\n" + text(commit));
            }
            for (Event event : commit.events()) {
                long expected = versions.getOrDefault(event.key(), 0L) + 1;
                if (event.version() != expected) {
                    findings.add(
                            Anomaly.VERSION_GAP,
                            "%s goes from version %d to %d:\n%s"
                                    .formatted(CallText.of(event.key()), expected - 1, event.version(), text(commit)));
                }
                versions.put(event.key(), event.version());
            }
        }
    }

    private static void judgePair(ReplayedCommit before, ReplayedCommit commit, Findings findings) {
        if (before.commitTs().equals(commit.commitTs())) {
            findings.add(Anomaly.DUPLICATE_COMMIT_TS, text(before) + "\n" + text(commit));
        }
        if (commit.wallMillis() < before.wallMillis()) {
            findings.add(Anomaly.WALL_TIME_FELL, text(before) + "\n" + text(commit));
        }
    }

    static String text(ReplayedCommit commit) {
        StringBuilder text = new StringBuilder("  commit_ts %s, wall %d, %s:"
                .formatted(
                        commit.commitTs(), commit.wallMillis(), commit.txnId().value()));
        for (Event event : commit.events()) {
            text.append(' ')
                    .append(CallText.of(event.key()))
                    .append(" v")
                    .append(event.version())
                    .append(" = ")
                    .append(CallText.shown(valueOf(event)))
                    .append(';');
        }
        return text.toString();
    }
}
