package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of the history in the words of the client and of the wire, and back. */
final class Words {
    /** The label that names the load of a commit. */
    static final String LOAD_LABEL = "load";

    private Words() {}

    static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    static Agent agent(String id) {
        return new Agent(Agent.DEFAULT_NAMESPACE, id);
    }

    static @Nullable Json json(io.statehouse.client.@Nullable Json value) {
        return value == null ? null : known(value);
    }

    static Json known(io.statehouse.client.Json value) {
        return json(value.text());
    }

    static StateKey client(Key key) {
        return new StateKey(key.agent().namespace(), key.agent().id(), key.name());
    }

    static io.statehouse.client.Json client(Json value) {
        return io.statehouse.client.Json.parse(value.toString());
    }

    static Read client(ReadPoint at) {
        return switch (at) {
            case ReadPoint.Latest latest -> Read.linearizable();
            case ReadPoint.AtLeast least -> Read.atLeast(least.commitTs().value());
            case ReadPoint.Local local -> Read.local();
            case ReadPoint.AtCommit past ->
                Read.atLeast(past.commitTs().value()).asOf(past.commitTs().value());
        };
    }

    /** @param load whose commit it is; its label says so, for those who watch by labels */
    static io.statehouse.client.Commit client(
            Load load, TxnId id, List<Operation> operations, List<Condition> conditions) {
        var commit = io.statehouse.client.Commit.builder().id(id.value()).label(LOAD_LABEL, load.name());
        for (Operation operation : operations) {
            switch (operation) {
                case Operation.Put put -> commit.put(client(put.key()), client(put.value()));
                case Operation.Append append -> commit.append(client(append.key()), client(append.value()));
                case Operation.Edit edit -> throw Request.unknown(edit);
                case Operation.Delete delete -> commit.delete(client(delete.key()));
            }
        }
        conditions.forEach(condition -> commit.require(client(condition)));
        return commit.build();
    }

    private static io.statehouse.client.Condition client(Condition condition) {
        StateKey key = client(condition.key());
        return switch (condition) {
            case Condition.VersionEquals equals -> io.statehouse.client.Condition.versionEquals(key, equals.version());
            case Condition.Exists exists -> io.statehouse.client.Condition.exists(key);
            case Condition.Absent absent -> io.statehouse.client.Condition.absent(key);
            case Condition.UnchangedSince since ->
                io.statehouse.client.Condition.unchangedSince(
                        key, since.commitTs().value());
            case Condition.AgentUnchangedSince since ->
                throw new IllegalArgumentException("the client cannot ask for " + since);
        };
    }

    static ReplayedCommit commit(io.statehouse.client.Event event) {
        List<Event> events = new ArrayList<>();
        for (io.statehouse.client.Operation operation : event.operations()) {
            StateKey at = operation.key();
            Key key = new Agent(at.namespace(), at.agentId()).key(at.key());
            events.add(event(key, operation.version(), json(operation.value())));
        }
        return new ReplayedCommit(
                new CommitTs(event.commitTs()),
                event.committedAt().toEpochMilli(),
                new TxnId(event.transactionId()),
                events);
    }

    static ReplayedCommit commit(ReplayEvent event) {
        List<Event> events = new ArrayList<>();
        for (io.statehouse.proto.v1.Operation operation : event.getOperationsList()) {
            // Named only where a stream spans agents.
            String namespace = operation.getNamespace().isEmpty() ? event.getNamespace() : operation.getNamespace();
            String agent = operation.getAgentId().isEmpty() ? event.getAgentId() : operation.getAgentId();
            Key key = new Agent(namespace, agent).key(operation.getKey());
            Json value =
                    operation.hasJson() ? Json.ofTrusted(operation.getJson().toByteArray()) : null;
            events.add(event(key, operation.getVersion(), value));
        }
        return new ReplayedCommit(
                new CommitTs(event.getCommitTs()), event.getWallTimeMs(), new TxnId(event.getTxnId()), events);
    }

    private static Event event(Key key, long version, @Nullable Json value) {
        return value == null ? new Event.EntryDeleted(key, version) : new Event.EntryPut(key, version, value);
    }
}
