package io.statehouse.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A history written by hand: each call with its window, in any order. */
public final class Script {
    public static final Agent AGENT = new Agent("ns", "a");
    private final Load load;
    private final List<Call> calls = new ArrayList<>();
    private final List<ReplayedCommit> journal = new ArrayList<>();
    private boolean hasJournal;
    private long from;
    private long to;
    private long ids;

    public Script(Load load) {
        this.load = load;
    }

    public static Key key(String name) {
        return AGENT.key(name);
    }

    public static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    public static CommitTs ts(long value) {
        return new CommitTs(value);
    }

    public static TxnId txn(String id) {
        return new TxnId(id);
    }

    /** The window of the next call. */
    public Script at(long callNanos, long returnNanos) {
        from = callNanos;
        to = returnNanos;
        return this;
    }

    public Script ok(Request request, Response response) {
        return add(Outcome.OK, request, response);
    }

    public Script fail(Request request, Response response) {
        return add(Outcome.FAIL, request, response);
    }

    public Script unknown(Request request) {
        to = Call.NEVER;
        return add(Outcome.UNKNOWN, request, null);
    }

    private Script add(Outcome outcome, Request request, @Nullable Response response) {
        ids++;
        calls.add(new Call(ids, (int) ids, load, from, to, to, outcome, "n1", request, response));
        return this;
    }

    /** A commit of the journal, that puts values: name, value and so on. */
    public Script journal(long commitTs, String txn, String... namesAndValues) {
        hasJournal = true;
        List<Event> events = new ArrayList<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            Key key = key(namesAndValues[index]);
            long version = 1
                    + Stream.concat(journal.stream().flatMap(one -> one.events().stream()), events.stream())
                            .filter(event -> event.key().equals(key))
                            .count();
            events.add(new Event.EntryPut(key, version, json(namesAndValues[index + 1])));
        }
        journal.add(new ReplayedCommit(ts(commitTs), commitTs, txn(txn), events));
        return this;
    }

    /** An empty journal. */
    public Script journal() {
        hasJournal = true;
        return this;
    }

    public History history() {
        CommitTs last = journal.isEmpty() ? CommitTs.ZERO : journal.getLast().commitTs();
        return History.of(calls).withReplays(hasJournal ? List.of(new Replay("n1", 1_000, last, journal)) : List.of());
    }

    public void isLegalTo(Checker checker) {
        assertThat(checker.check(Resolution.resolve(history()))).isInstanceOf(Verdict.Legal.class);
    }

    public void isIllegalTo(Checker checker, Anomaly... anomalies) {
        assertThat(findings(checker.check(Resolution.resolve(history()))))
                .extracting(Finding::anomaly)
                .containsExactlyInAnyOrder(anomalies);
    }

    public static List<Finding> findings(Verdict verdict) {
        return verdict instanceof Verdict.Illegal illegal ? illegal.findings() : List.of();
    }
}
