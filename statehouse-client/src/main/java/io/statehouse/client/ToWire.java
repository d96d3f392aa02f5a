package io.statehouse.client;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.OperationKind;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers ask, as the wire says it. */
final class ToWire {
    private final ClientOptions options;

    ToWire(ClientOptions options) {
        this.options = options;
    }

    CommitRequest commit(String transactionId, Commit commit) {
        var transaction = Transaction.newBuilder().setOrigin(origin(commit.origin()));
        commit.changes().forEach(change -> transaction.addOperations(operation(change)));
        commit.conditions().forEach(condition -> transaction.addConditions(condition(condition)));
        commit.readSet().forEach(read -> transaction.addReadSet(readRecord(read)));
        return CommitRequest.newBuilder()
                .setTxnId(transactionId)
                .setTransaction(transaction)
                .build();
    }

    private TransactionOperation operation(Commit.Change change) {
        StateKey key = change.key().in(options.namespace());
        var operation = TransactionOperation.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key());
        Json value = change.value();
        Duration timeToLive = change.timeToLive();
        operation.setTtlMs(timeToLive == null ? 0 : timeToLive.toMillis());
        var json = ByteString.copyFromUtf8(value == null ? "" : value.text());
        return switch (change.action()) {
            case PUT -> operation.setJson(json).build();
            case DELETE -> operation.setDelete(DeleteKey.getDefaultInstance()).build();
            case APPEND -> operation.setAppend(json).build();
            case ADD -> operation.setAdd(json).build();
            case MERGE_PATCH -> operation.setMergePatch(json).build();
            case JSON_PATCH -> operation.setJsonPatch(json).build();
        };
    }

    private io.statehouse.proto.v1.Condition condition(Condition condition) {
        StateKey key = condition.key().in(options.namespace());
        var wire = io.statehouse.proto.v1.Condition.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key());
        switch (condition.kind()) {
            case VERSION_EQUALS -> wire.setVersionEquals(condition.number());
            case EXISTS -> wire.setExists(true);
            case ABSENT -> wire.setExists(false);
            case UNCHANGED_SINCE -> wire.setUnchangedSince(condition.number());
        }
        return wire.build();
    }

    private io.statehouse.proto.v1.ReadRecord readRecord(ReadRecord read) {
        StateKey key = read.key().in(options.namespace());
        return io.statehouse.proto.v1.ReadRecord.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key())
                .setVersion(read.version())
                .build();
    }

    private io.statehouse.proto.v1.Origin origin(Origin origin) {
        var wire = io.statehouse.proto.v1.Origin.newBuilder()
                .setActor(origin.actor().isEmpty() ? options.actor() : origin.actor())
                .setTraceId(origin.traceId());
        origin.labels().forEach((name, value) -> wire.addLabels(label(name, value)));
        return wire.build();
    }

    private static Label label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build();
    }

    static ReadOptions read(Read read) {
        var wire = ReadOptions.newBuilder()
                .setConsistency(consistency(read.freshness()))
                .setAtLeastCommitTs(read.atLeastCommitTs())
                .setFormat(ValueFormat.VALUE_FORMAT_JSON);
        if (read.asOfCommitTs() != null) {
            wire.setCommitTs(read.asOfCommitTs());
        }
        if (read.asOfTime() != null) {
            wire.setWallTimeMs(read.asOfTime().toEpochMilli());
        }
        return wire.build();
    }

    private static Consistency consistency(Read.Freshness freshness) {
        return switch (freshness) {
            case LINEARIZABLE -> Consistency.CONSISTENCY_LINEARIZABLE;
            case AT_LEAST -> Consistency.CONSISTENCY_AT_LEAST;
            case LOCAL -> Consistency.CONSISTENCY_LOCAL;
        };
    }

    static io.statehouse.proto.v1.DiffSide side(DiffSide side, String clientNamespace) {
        StateKey key = side.key().in(clientNamespace);
        var wire = io.statehouse.proto.v1.DiffSide.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key());
        if (side.version() != 0) {
            return wire.setVersion(side.version()).build();
        }
        return wire.setPoint(point(side.commitTs(), side.time())).build();
    }

    private static Point point(@Nullable Long commitTs, @Nullable Instant time) {
        var wire = Point.newBuilder();
        if (commitTs != null) {
            wire.setCommitTs(commitTs);
        } else if (time != null) {
            wire.setWallTimeMs(time.toEpochMilli());
        }
        return wire.build();
    }

    RevertRequest revert(String transactionId, Revert revert) {
        StateKey key = revert.key().in(options.namespace());
        return RevertRequest.newBuilder()
                .setNamespace(key.namespace())
                .setAgentId(key.agentId())
                .setKey(key.key())
                .setTo(point(revert.toCommitTs(), revert.toTime()))
                .setToVersion(revert.toVersion())
                .setTxnId(transactionId)
                .setOrigin(origin(revert.origin()))
                .build();
    }

    ReplayRequest replay(ReplayQuery query) {
        var wire = ReplayRequest.newBuilder()
                .setNamespace(query.isOfAllNamespaces() ? "" : options.namespace())
                .setAgentId(query.agentId())
                .setAllAgents(query.agentId().isEmpty() && !query.isOfAllNamespaces())
                .setAllNamespaces(query.isOfAllNamespaces())
                .setLimit(query.limit())
                .setReverse(query.newestFirst())
                .setFilter(filter(query))
                .setOptions(read(query.read()));
        if (query.from() != null) {
            wire.setStartTs(query.from());
        }
        if (query.to() != null) {
            wire.setEndTs(query.to());
        }
        return wire.build();
    }

    WatchRequest watch(WatchQuery query) {
        var wire = WatchRequest.newBuilder()
                .setNamespace(options.namespace())
                .setAgentId(query.agentId())
                .setFilter(filter(query.keyPrefix(), query.kind(), query.actor(), query.labels()))
                .setFormat(ValueFormat.VALUE_FORMAT_JSON);
        if (query.from() != null) {
            wire.setStartTs(Math.max(query.from(), 1));
        }
        if (query.progress() != null) {
            wire.setProgressIntervalMs((int) Math.min(query.progress().toMillis(), Integer.MAX_VALUE));
        }
        return wire.build();
    }

    private static EventFilter filter(ReplayQuery query) {
        var filter = filter(query.keyPrefix(), query.kind(), query.actor(), query.labels());
        if (query.fromTime() != null) {
            filter.setFromWallTimeMs(query.fromTime().toEpochMilli());
        }
        if (query.toTime() != null) {
            filter.setToWallTimeMs(query.toTime().toEpochMilli());
        }
        return filter.build();
    }

    private static EventFilter.Builder filter(
            String keyPrefix, ReplayQuery.Kind kind, String actor, Map<String, String> labels) {
        var filter = EventFilter.newBuilder().setKeyPrefix(keyPrefix).setActor(actor);
        switch (kind) {
            case ANY -> filter.setKind(OperationKind.OPERATION_KIND_UNSPECIFIED);
            case PUT -> filter.setKind(OperationKind.OPERATION_KIND_PUT);
            case DELETE -> filter.setKind(OperationKind.OPERATION_KIND_DELETE);
            case EXPIRY -> filter.setKind(OperationKind.OPERATION_KIND_EXPIRY);
        }
        labels.forEach((name, value) -> filter.addLabels(label(name, value)));
        return filter;
    }

    static io.statehouse.proto.v1.RetentionPolicy policy(RetentionPolicy policy) {
        return io.statehouse.proto.v1.RetentionPolicy.newBuilder()
                .setMaxAgeMs(policy.maxAge().toMillis())
                .setMaxCommits(policy.maxCommits())
                .setKeepVersions(policy.keepVersions())
                .build();
    }
}
