package io.statehouse.cluster;

import io.statehouse.client.Event;
import io.statehouse.client.Operation;
import io.statehouse.client.Range;
import io.statehouse.client.Read;
import io.statehouse.client.ReplayQuery;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.cluster.CallRecord.Look;
import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.CallRecord.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Holds the history that callers saw against what every node says when all is quiet: nothing acknowledged is lost, nothing
 * is applied twice, nothing refused is there, every node tells the same story, and its state is the story's end.
 */
public final class ReplicaAudit {
    private static final int COMPLAINTS_MAX = 20;

    private final List<Event> events;
    private final List<CallRecord> calls;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Event> byTransaction = new HashMap<>();
    private final Map<StateKey, List<Event>> byKey = new HashMap<>();

    private ReplicaAudit(List<Event> events, List<CallRecord> calls) {
        this.events = events;
        this.calls = calls;
    }

    /** Ends the doubt about every unknown outcome, asks every node, and returns what is wrong; empty = nothing. */
    public static List<String> complaints(ProcessCluster cluster, CallHistory history) {
        var calls = history.records();
        try (var client = cluster.client()) {
            resolve(client, calls);
        }
        var stories = new ArrayList<List<Event>>();
        var complaints = new ArrayList<String>();
        for (var node : cluster.nodes()) {
            try (var client = cluster.clientOf(node)) {
                var story = story(client);
                stories.add(story);
                complaints.addAll(stateDiffers(node.id(), client, story));
            }
        }
        for (int i = 1; i < stories.size(); i++) {
            if (!stories.get(i).equals(stories.get(0))) {
                complaints.add("n" + (i + 1) + " tells another story than n1");
            }
        }
        complaints.addAll(complaints(stories.get(0), calls));
        return complaints.stream().limit(COMPLAINTS_MAX).toList();
    }

    /** What is wrong with a history, given all events that are there in the end. */
    static List<String> complaints(List<Event> events, List<CallRecord> calls) {
        var audit = new ReplicaAudit(events, calls);
        audit.story();
        audit.writes();
        audit.realTime();
        audit.looks();
        return audit.complaints;
    }

    private static void resolve(StatehouseClient client, List<CallRecord> calls) {
        for (var call : calls) {
            if (call.outcome() == Outcome.UNKNOWN && call.act() instanceof Write write) {
                client.resolve(write.transactionId());
            }
        }
    }

    private static List<Event> story(StatehouseClient client) {
        try (var replay = client.replay(ReplayQuery.allAgents());
                var stream = replay.stream()) {
            return stream.toList();
        }
    }

    private static List<String> stateDiffers(String node, StatehouseClient client, List<Event> story) {
        var folded = new HashMap<StateKey, String>();
        var agents = new HashSet<String>();
        for (var event : story) {
            for (var operation : event.operations()) {
                agents.add(operation.key().agentId());
                folded.put(operation.key(), valueOf(operation) + " at version " + operation.version());
                if (operation.isDelete()) {
                    folded.remove(operation.key());
                }
            }
        }
        var held = new HashMap<StateKey, String>();
        for (var agent : agents) {
            for (var entry : client.scan(Range.of(agent).read(Read.local()))) {
                var key = new StateKey("default", agent, entry.key());
                held.put(key, entry.require().text() + " at version " + entry.version());
            }
        }
        return held.equals(folded) ? List.of() : List.of(node + "'s state is not the end of its story");
    }

    private static String valueOf(Operation operation) {
        return operation.value() == null ? "nothing" : operation.value().text();
    }

    // Dense commit_ts, each transaction once, each key's versions without a gap.
    private void story() {
        long at = 0;
        var versions = new HashMap<StateKey, Long>();
        for (var event : events) {
            at++;
            if (event.commitTs() != at) {
                complain("commit_ts " + event.commitTs() + " stands where " + at + " belongs");
                at = event.commitTs();
            }
            if (byTransaction.put(event.transactionId(), event) != null) {
                complain("transaction " + event.transactionId() + " is applied twice");
            }
            for (var operation : event.operations()) {
                long version = versions.merge(operation.key(), 1L, Long::sum);
                if (operation.version() != version) {
                    complain(
                            operation.key() + " has version " + operation.version() + " where " + version + " belongs");
                }
                byKey.computeIfAbsent(operation.key(), k -> new ArrayList<>()).add(event);
            }
        }
    }

    private void writes() {
        var known = new HashSet<String>();
        for (var call : calls) {
            if (call.act() instanceof Write write) {
                known.add(write.transactionId());
                write(call.outcome(), write, byTransaction.get(write.transactionId()));
            }
        }
        byTransaction.keySet().stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> complain("nobody sent transaction " + id));
    }

    private void write(Outcome outcome, Write write, @org.jspecify.annotations.Nullable Event event) {
        var id = write.transactionId();
        if (event == null) {
            if (outcome == Outcome.OK) {
                complain("transaction " + id + " was acknowledged as commit " + write.commitTs() + " and is lost");
            }
            return;
        }
        if (outcome == Outcome.FAIL) {
            complain("transaction " + id + " was refused and is applied: " + write.reason());
        }
        if (outcome == Outcome.OK && event.commitTs() != write.commitTs()) {
            complain("transaction " + id + " was answered " + write.commitTs() + " and is " + event.commitTs());
        }
        var asked = write.changes().stream()
                .map(change -> named(change.key()) + "=" + change.json())
                .toList();
        var applied = event.operations().stream()
                .map(done -> named(done.key()) + "=" + (done.isDelete() ? null : valueOf(done)))
                .toList();
        if (!asked.equals(applied)) {
            complain("transaction " + id + " asked for " + asked + " and did " + applied);
        }
    }

    private static String named(StateKey key) {
        return key.agentId() + "/" + key.key();
    }

    // Whoever was answered before another began comes before it.
    private void realTime() {
        var acknowledged = calls.stream()
                .filter(call -> call.outcome() == Outcome.OK && call.act() instanceof Write)
                .toList();
        var byReturn = acknowledged.stream()
                .sorted(Comparator.comparingLong(CallRecord::returnNanos))
                .toList();
        var byCall = acknowledged.stream()
                .sorted(Comparator.comparingLong(CallRecord::callNanos))
                .toList();
        long latest = 0;
        int returned = 0;
        for (var call : byCall) {
            while (byReturn.get(returned).returnNanos() < call.callNanos()) {
                latest = Math.max(latest, ((Write) byReturn.get(returned).act()).commitTs());
                returned++;
            }
            long at = ((Write) call.act()).commitTs();
            if (at < latest) {
                complain("commit " + at + " began after commit " + latest + " was answered");
            }
        }
    }

    private void looks() {
        var callOf = new HashMap<String, CallRecord>();
        for (var call : calls) {
            if (call.act() instanceof Write write) {
                callOf.put(write.transactionId(), call);
            }
        }
        for (var call : calls) {
            if (call.act() instanceof Look look && look.seen() != null) {
                look(call, look, callOf);
            }
        }
    }

    private void look(CallRecord call, Look look, Map<String, CallRecord> callOf) {
        var seen = Objects.requireNonNull(look.seen());
        var key = new StateKey("default", look.key().agentId(), look.key().key());
        var makers = byKey.getOrDefault(key, List.of());
        if (seen.version() > makers.size()) {
            complain(named(key) + " was seen at version " + seen.version() + ", which is not there");
            return;
        }
        if (seen.version() > 0 && !holds(makers.get((int) seen.version() - 1), key, seen)) {
            complain(named(key) + " was seen at version " + seen.version()
                    + " with a value that this version never had");
        }
        // The next version must not have been acknowledged before this read began.
        if (seen.version() < makers.size()) {
            var next = callOf.get(makers.get((int) seen.version()).transactionId());
            if (next != null && next.outcome() == Outcome.OK && next.returnNanos() < call.callNanos()) {
                complain(named(key) + " was seen at version " + seen.version() + " after a later one was acknowledged");
            }
        }
    }

    private static boolean holds(Event maker, StateKey key, io.statehouse.client.Entry seen) {
        return maker.operations().stream()
                .filter(operation -> operation.key().equals(key) && operation.version() == seen.version())
                .anyMatch(operation -> Objects.equals(operation.value(), seen.value()));
    }

    private void complain(String what) {
        complaints.add(what);
    }
}
