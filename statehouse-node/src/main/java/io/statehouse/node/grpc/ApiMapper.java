package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import io.statehouse.node.service.HistoryFilter;
import io.statehouse.node.service.HistoryQuery;
import io.statehouse.node.service.JsonGuard;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.BeginTransactionRequest;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WriteRequest;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.history.JournalQuery;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests in the words of the service; what cannot be said in them is refused with the field's name. */
final class ApiMapper {
    private final JsonGuard guard;
    private final StructJson structs;

    ApiMapper(JsonGuard guard, int jsonDepthMax) {
        this.guard = guard;
        this.structs = new StructJson(jsonDepthMax);
    }

    static String namespace(String name) {
        return name.isEmpty() ? Agent.DEFAULT_NAMESPACE : name;
    }

    static Agent agent(String namespace, String agentId) {
        return new Agent(namespace(namespace), agentId);
    }

    static Key key(String namespace, String agentId, String name) {
        return agent(namespace, agentId).key(name);
    }

    /** The time a transaction asked for; null when it asked for none. */
    static @Nullable Duration timeout(BeginTransactionRequest request) {
        if (!request.hasTimeoutMs() || request.getTimeoutMs() == 0) {
            return null;
        }
        return Duration.ofMillis(unsigned(request.getTimeoutMs()));
    }

    /** A Write without a value means an empty object. */
    Json value(WriteRequest request) {
        if (!request.hasJson()) {
            return structs.toJson(request.getValue());
        }
        if (request.hasValue()) {
            throw Refusals.invalid("json", "set together with value");
        }
        return json(request.getJson());
    }

    private Json json(ByteString utf8) {
        return json("json", utf8);
    }

    private Json json(String field, ByteString utf8) {
        return guard.check(field, utf8.toByteArray());
    }

    CommitTransaction transaction(CommitRequest request) {
        Transaction transaction = request.getTransaction();
        return new CommitTransaction(
                new TxnId(request.getTxnId()),
                transaction.getOperationsList().stream().map(this::operation).toList(),
                transaction.getConditionsList().stream()
                        .map(ApiMapper::condition)
                        .toList(),
                transaction.getReadSetList().stream().map(ApiMapper::readRecord).toList(),
                origin(transaction.getOrigin()));
    }

    private Operation operation(TransactionOperation operation) {
        Key key = key(operation.getNamespace(), operation.getAgentId(), operation.getKey());
        return switch (operation.getActionCase()) {
            case JSON -> new Operation.Put(key, json(operation.getJson()), lifetime(operation));
            case VALUE -> new Operation.Put(key, structs.toJson(operation.getValue()), lifetime(operation));
            case APPEND -> new Operation.Append(key, json("append", operation.getAppend()), lifetime(operation));
            case ADD -> edit(key, Operation.Change.ADD, "add", operation);
            case MERGE_PATCH -> edit(key, Operation.Change.MERGE_PATCH, "merge_patch", operation);
            case JSON_PATCH -> edit(key, Operation.Change.JSON_PATCH, "json_patch", operation);
            case DELETE -> new Operation.Delete(key);
            case ACTION_NOT_SET -> throw Refusals.invalid("operations", "an operation without an action");
        };
    }

    private Operation edit(Key key, Operation.Change change, String field, TransactionOperation operation) {
        if (operation.hasExpiresMs() || operation.getTtlMs() != 0) {
            throw Refusals.invalid("ttl_ms", "an edit keeps the deadline that the value has");
        }
        ByteString argument = switch (change) {
            case ADD -> operation.getAdd();
            case MERGE_PATCH -> operation.getMergePatch();
            case JSON_PATCH -> operation.getJsonPatch();
        };
        return new Operation.Edit(key, change, json(field, argument));
    }

    private static Lifetime lifetime(TransactionOperation operation) {
        if (operation.hasExpiresMs() && operation.getTtlMs() != 0) {
            throw Refusals.invalid("expires_ms", "set together with ttl_ms");
        }
        if (operation.hasExpiresMs()) {
            return new Lifetime.Until(operation.getExpiresMs());
        }
        return operation.getTtlMs() == 0 ? new Lifetime.Unbounded() : new Lifetime.Lasting(operation.getTtlMs());
    }

    private static Condition condition(io.statehouse.proto.v1.Condition condition) {
        Key key = key(condition.getNamespace(), condition.getAgentId(), condition.getKey());
        return switch (condition.getRequirementCase()) {
            case VERSION_EQUALS -> new Condition.VersionEquals(key, unsigned(condition.getVersionEquals()));
            case EXISTS -> condition.getExists() ? new Condition.Exists(key) : new Condition.Absent(key);
            case UNCHANGED_SINCE -> new Condition.UnchangedSince(key, commitTs(condition.getUnchangedSince()));
            case AGENT_UNCHANGED_SINCE -> {
                if (!key.name().isEmpty()) {
                    throw Refusals.invalid("conditions", "agent_unchanged_since with a key");
                }
                yield new Condition.AgentUnchangedSince(key.agent(), commitTs(condition.getAgentUnchangedSince()));
            }
            case REQUIREMENT_NOT_SET -> throw Refusals.invalid("conditions", "a condition without a requirement");
        };
    }

    private static ReadRecord readRecord(io.statehouse.proto.v1.ReadRecord read) {
        return new ReadRecord(key(read.getNamespace(), read.getAgentId(), read.getKey()), unsigned(read.getVersion()));
    }

    static Origin origin(io.statehouse.proto.v1.Origin origin) {
        return new Origin(origin.getActor(), origin.getTraceId(), labels(origin.getLabelsList()));
    }

    private static List<Origin.Label> labels(List<io.statehouse.proto.v1.Label> labels) {
        return labels.stream()
                .map(label -> new Origin.Label(label.getName(), label.getValue()))
                .toList();
    }

    static ReadPoint readPoint(ReadOptions options) {
        ReadPoint.Moment moment = switch (options.getAtCase()) {
            case COMMIT_TS -> new ReadPoint.Moment.AtCommit(commitTs(options.getCommitTs()));
            case WALL_TIME_MS -> new ReadPoint.Moment.AtWall(options.getWallTimeMs());
            case AT_NOT_SET -> new ReadPoint.Moment.Present();
        };
        return new ReadPoint(freshness(options), moment);
    }

    static ReadPoint.Freshness freshness(ReadOptions options) {
        return switch (options.getConsistency()) {
            case CONSISTENCY_LINEARIZABLE -> new ReadPoint.Freshness.Linearizable();
            case CONSISTENCY_AT_LEAST -> new ReadPoint.Freshness.AtLeast(commitTs(options.getAtLeastCommitTs()));
            case CONSISTENCY_LOCAL -> new ReadPoint.Freshness.Local();
            case UNRECOGNIZED -> throw Refusals.invalid("options.consistency", "unknown");
        };
    }

    static ReadPoint.Moment moment(Point point) {
        return switch (point.getAtCase()) {
            case COMMIT_TS -> new ReadPoint.Moment.AtCommit(commitTs(point.getCommitTs()));
            case WALL_TIME_MS -> new ReadPoint.Moment.AtWall(point.getWallTimeMs());
            case AT_NOT_SET -> new ReadPoint.Moment.Present();
        };
    }

    /** Whether values are to be answered as Structs. */
    static boolean wantsStruct(ReadOptions options) {
        return switch (options.getFormat()) {
            case VALUE_FORMAT_STRUCT -> true;
            case VALUE_FORMAT_JSON -> false;
            case UNRECOGNIZED -> throw Refusals.invalid("options.format", "unknown: " + ValueFormat.UNRECOGNIZED);
        };
    }

    static HistoryQuery history(ReplayRequest request) {
        return new HistoryQuery(
                scope(request),
                request.hasStartTs() ? commitTs(request.getStartTs()) : CommitTs.ZERO,
                request.hasEndTs() ? commitTs(request.getEndTs()) : HistoryQuery.UNBOUNDED,
                request.getReverse(),
                request.getLimit() == 0 ? Long.MAX_VALUE : unsigned(request.getLimit()),
                filter(request.getFilter()),
                readPoint(request.getOptions()));
    }

    private static JournalQuery.Scope scope(ReplayRequest request) {
        if (request.getAllNamespaces()) {
            if (!request.getNamespace().isEmpty() || !request.getAgentId().isEmpty() || request.getAllAgents()) {
                throw Refusals.invalid("all_namespaces", "set together with namespace, agent_id or all_agents");
            }
            return new JournalQuery.Scope.Whole();
        }
        if (!request.getAllAgents()) {
            return new JournalQuery.Scope.OfAgent(agent(request.getNamespace(), request.getAgentId()));
        }
        if (!request.getAgentId().isEmpty()) {
            throw Refusals.invalid("agent_id", "set together with all_agents");
        }
        return new JournalQuery.Scope.OfNamespace(Timeline.MAIN, namespace(request.getNamespace()));
    }

    static JournalQuery.Scope scope(WatchRequest request) {
        return request.getAgentId().isEmpty()
                ? new JournalQuery.Scope.OfNamespace(Timeline.MAIN, namespace(request.getNamespace()))
                : new JournalQuery.Scope.OfAgent(agent(request.getNamespace(), request.getAgentId()));
    }

    /** Where a watch begins; null = at what comes next. */
    static @Nullable CommitTs start(WatchRequest request) {
        return request.hasStartTs() ? commitTs(Math.max(1, request.getStartTs())) : null;
    }

    static HistoryFilter filter(EventFilter filter) {
        HistoryFilter.Kind kind = switch (filter.getKind()) {
            case OPERATION_KIND_UNSPECIFIED -> HistoryFilter.Kind.ANY;
            case OPERATION_KIND_PUT -> HistoryFilter.Kind.PUTS;
            case OPERATION_KIND_DELETE -> HistoryFilter.Kind.DELETES;
            case OPERATION_KIND_EXPIRY -> HistoryFilter.Kind.EXPIRIES;
            case UNRECOGNIZED -> throw Refusals.invalid("filter.kind", "unknown");
        };
        return new HistoryFilter(
                filter.getKeyPrefix(),
                kind,
                labels(filter.getLabelsList()),
                filter.getActor(),
                filter.hasFromWallTimeMs() ? filter.getFromWallTimeMs() : Long.MIN_VALUE,
                filter.hasToWallTimeMs() ? filter.getToWallTimeMs() : Long.MAX_VALUE);
    }

    private static CommitTs commitTs(long value) {
        return new CommitTs(unsigned(value));
    }

    /** Counters on the wire have 64 bits, ours 63: what lies beyond stands for "further than anything". */
    static long unsigned(long value) {
        return value < 0 ? Long.MAX_VALUE : value;
    }
}
