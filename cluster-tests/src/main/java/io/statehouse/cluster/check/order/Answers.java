package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Response.Row;
import io.statehouse.cluster.check.order.KeyPast.Held;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Judges answers by an order of all commits: each must be what that order would have answered. */
final class Answers {
    private final CommitOrder order;
    private final Findings findings;

    Answers(CommitOrder order, Findings findings) {
        this.order = order;
        this.findings = findings;
    }

    /** A commit that was acknowledged stands in the order where it was said to; a one-shot commit also as it was asked. */
    void judgeAcknowledged(Call call, TxnId id, CommitTs committed) {
        ReplayedCommit found = order.find(id);
        if (found == null) {
            if (committed.value() <= order.lastTs()) {
                findings.add(Anomaly.LOST_WRITE, "no commit of this transaction:\n" + text(call));
            }
        } else if (!found.commitTs().equals(committed)) {
            findings.add(Anomaly.WRONG_ANSWER, text(call) + "\nbut it was committed as\n" + CommitOrder.text(found));
        } else if (call.request() instanceof Request.Commit commit
                && call.response() instanceof Response.Committed answer) {
            judge(call, commit, answer, found);
        }
    }

    private void judge(Call call, Request.Commit commit, Response.Committed committed, ReplayedCommit found) {
        List<Event> expected = new ArrayList<>();
        for (int index = 0; index < commit.operations().size(); index++) {
            long version =
                    index < committed.versions().size() ? committed.versions().get(index) : 0;
            expected.add(CommitOrder.eventOf(commit.operations().get(index), version));
        }
        if (!found.events().equals(expected)) {
            findings.add(Anomaly.WRONG_ANSWER, text(call) + "\nbut it was committed as\n" + CommitOrder.text(found));
        }
        long before = found.commitTs().value() - 1;
        for (Condition condition : commit.conditions()) {
            Held held = order.at(condition.key(), before);
            if (!holds(condition, held)) {
                findings.add(
                        Anomaly.WRONG_ANSWER,
                        "%s held version %d of commit_ts %d, so a condition did not hold:\n%s"
                                .formatted(CallText.of(condition.key()), held.version(), held.commitTs(), text(call)));
            }
        }
    }

    private static boolean holds(Condition condition, Held held) {
        return switch (condition) {
            case Condition.VersionEquals wanted -> held.version() == wanted.version();
            case Condition.Exists exists -> held.value() != null;
            case Condition.Absent absent -> held.value() == null;
            case Condition.UnchangedSince since ->
                held.commitTs() <= since.commitTs().value();
            case Condition.AgentUnchangedSince since ->
                throw new IllegalArgumentException("no workload asks for " + since);
        };
    }

    /**
     * A refusal speaks of a state that was there at some moment of the call.
     *
     * @param lowest the last commit acknowledged before the call
     * @param highest the first commit of a call that began after it
     */
    void judge(Call call, Response.Conflict conflict, long lowest, long highest) {
        long since = conflict.currentCommitTs().value();
        if (since > order.lastTs()) {
            return;
        }
        Held held = order.at(conflict.key(), since);
        boolean wasThere = held.commitTs() == since && held.version() == conflict.currentVersion();
        boolean wasThereThen = since < highest && order.nextChangeAfter(conflict.key(), since) > lowest;
        if (!wasThere || !wasThereThen) {
            findings.add(
                    Anomaly.WRONG_ANSWER,
                    "%s never was so between commit_ts %d and %d:\n%s"
                            .formatted(CallText.of(conflict.key()), lowest, highest, text(call)));
        }
    }

    /** A read found what the key held at the read's point. */
    void judge(Call call, Request.Read read, Response.Found found) {
        long at = found.readTs().value();
        if (at > order.lastTs()) {
            return;
        }
        Held held = order.at(read.key(), at);
        boolean fits = Objects.equals(held.value(), found.value())
                && held.version() == found.version()
                && held.commitTs() == found.commitTs().value();
        if (!fits) {
            findings.add(
                    Anomaly.WRONG_ANSWER,
                    "at commit_ts %d %s held %s, version %d of commit_ts %d:\n%s"
                            .formatted(
                                    at,
                                    CallText.of(read.key()),
                                    CallText.shown(held.value()),
                                    held.version(),
                                    held.commitTs(),
                                    text(call)));
        }
    }

    /** A scan found every key that held a value at the scan's point, and nothing else, in the order of their bytes. */
    void judge(Call call, Request.Scan scan, Response.Scanned scanned) {
        long at = scanned.readTs().value();
        if (at > order.lastTs()) {
            return;
        }
        List<Row> expected = rowsAt(scan.agent(), scan.prefix(), at);
        if (!expected.equals(scanned.rows())) {
            findings.add(
                    Anomaly.STATE_DIFFERS,
                    "at commit_ts %d: %s\n%s".formatted(at, difference(expected, scanned.rows()), text(call)));
        }
    }

    private List<Row> rowsAt(Agent agent, String prefix, long at) {
        List<Row> rows = new ArrayList<>();
        for (Key key : order.keysOf(agent)) {
            Held held = order.at(key, at);
            var value = held.value();
            if (value != null && key.name().startsWith(prefix)) {
                rows.add(new Row(key.name(), value, held.version(), new CommitTs(held.commitTs())));
            }
        }
        rows.sort(Comparator.comparing(row -> row.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        return rows;
    }

    private static String difference(List<Row> expected, List<Row> actual) {
        int index = 0;
        while (index < expected.size()
                && index < actual.size()
                && expected.get(index).equals(actual.get(index))) {
            index++;
        }
        return "row %d should be %s and is %s".formatted(index, text(expected, index), text(actual, index));
    }

    private static String text(List<Row> rows, int index) {
        if (index >= rows.size()) {
            return "none";
        }
        Row row = rows.get(index);
        return "%s = %s, version %d of commit_ts %s"
                .formatted(row.name(), CallText.shown(row.value()), row.version(), row.commitTs());
    }

    private static String text(Call call) {
        return "  " + CallText.of(call);
    }
}
