package io.statehouse.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetTransactionResponse;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.OperationKind;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.proto.v1.TransactionStatus;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** As much of a store as a command line needs to be tested: every commit takes place one second after the last. */
final class ScriptedStore {
    private static final Instant BEGINNING = Instant.parse("2026-11-21T10:15:00Z");

    /** A version of a key. */
    record Row(
            String namespace,
            String agent,
            String key,
            @Nullable ByteString json,
            long version,
            ReplayEvent event) {
        StateEntry entry() {
            var entry = StateEntry.newBuilder()
                    .setKey(key)
                    .setVersion(version)
                    .setCommitTs(event.getCommitTs())
                    .setWallTimeMs(event.getWallTimeMs());
            return json == null ? entry.build() : entry.setJson(json).build();
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<ReplayEvent> events = new ArrayList<>();
    private long floor;
    private final Map<String, CommitResponse> ledger = new HashMap<>();
    private final Map<String, TransactionStatus> fates = new HashMap<>();

    synchronized CommitResponse commit(CommitRequest request) {
        CommitResponse known = ledger.get(request.getTxnId());
        if (known != null) {
            return known.toBuilder().setReplayed(true).build();
        }
        request.getTransaction().getConditionsList().forEach(this::require);
        long commitTs = events.size() + 1L;
        long time = BEGINNING.plusSeconds(commitTs).toEpochMilli();
        var answer = CommitResponse.newBuilder().setCommitTs(commitTs).setWallTimeMs(time);
        var event = ReplayEvent.newBuilder()
                .setTxnId(request.getTxnId())
                .setCommitTs(commitTs)
                .setWallTimeMs(time)
                .setOrigin(request.getTransaction().getOrigin())
                .addAllReadSet(request.getTransaction().getReadSetList());
        for (var operation : request.getTransaction().getOperationsList()) {
            Row last = last(operation.getNamespace(), operation.getAgentId(), operation.getKey());
            long version = last == null ? 1 : last.version() + 1;
            ByteString json = operation.hasJson() ? operation.getJson() : null;
            var row = new Row(
                    operation.getNamespace(),
                    operation.getAgentId(),
                    operation.getKey(),
                    json,
                    version,
                    event.buildPartial());
            rows.add(row);
            answer.addVersions(version);
            event.setNamespace(operation.getNamespace())
                    .setAgentId(operation.getAgentId())
                    .addOperations(shown(row));
        }
        events.add(event.build());
        ledger.put(request.getTxnId(), answer.build());
        return answer.build();
    }

    private static Operation shown(Row row) {
        var operation = Operation.newBuilder().setKey(row.key()).setVersion(row.version());
        return row.json() == null
                ? operation.build()
                : operation.setJson(row.json()).build();
    }

    private void require(Condition condition) {
        Row last = last(condition.getNamespace(), condition.getAgentId(), condition.getKey());
        long version = last == null ? 0 : last.version();
        boolean exists = last != null && last.json() != null;
        boolean holds = condition.hasVersionEquals()
                ? version == condition.getVersionEquals()
                : exists == condition.getExists();
        if (!holds) {
            var details = Map.of("key", condition.getKey(), "current_version", Long.toString(version));
            throw error(
                    Status.Code.ABORTED,
                    ErrorCode.CONFLICT,
                    "a condition on '" + condition.getKey() + "' fails",
                    details);
        }
    }

    private @Nullable Row last(String namespace, String agent, String key) {
        return find(namespace, agent, key, ReadOptions.getDefaultInstance());
    }

    /** The latest version of a key at the moment that is asked for. */
    synchronized @Nullable Row find(String namespace, String agent, String key, ReadOptions options) {
        Row found = null;
        for (Row row : rows) {
            boolean isAsked = row.namespace().equals(namespace)
                    && row.agent().equals(agent)
                    && row.key().equals(key)
                    && row.event().getCommitTs() <= cut(options);
            found = isAsked ? row : found;
        }
        return found;
    }

    synchronized @Nullable Row version(String namespace, String agent, String key, long version) {
        return rows.stream()
                .filter(row -> row.namespace().equals(namespace)
                        && row.agent().equals(agent)
                        && row.key().equals(key)
                        && row.version() == version)
                .findFirst()
                .orElse(null);
    }

    /** What an agent's keys hold, in order. */
    synchronized List<StateEntry> scan(String namespace, String agent, String prefix, ReadOptions options) {
        var found = new TreeMap<String, StateEntry>();
        for (Row row : rows) {
            boolean isAsked = row.namespace().equals(namespace)
                    && row.agent().equals(agent)
                    && row.key().startsWith(prefix)
                    && row.event().getCommitTs() <= cut(options);
            if (isAsked && row.json() == null) {
                found.remove(row.key());
            } else if (isAsked) {
                found.put(row.key(), row.entry());
            }
        }
        return List.copyOf(found.values());
    }

    synchronized List<String> agents(String namespace, String prefix) {
        return rows.stream()
                .filter(row -> row.namespace().equals(namespace) && row.agent().startsWith(prefix))
                .map(Row::agent)
                .distinct()
                .sorted()
                .toList();
    }

    synchronized List<String> namespaces() {
        return rows.stream().map(Row::namespace).distinct().sorted().toList();
    }

    synchronized List<ReplayEvent> replay(ReplayRequest request) {
        var filter = request.getFilter();
        List<ReplayEvent> found = new ArrayList<>(events.stream()
                .filter(event ->
                        request.getAllNamespaces() || event.getNamespace().equals(request.getNamespace()))
                .filter(event -> request.getAllAgents()
                        || request.getAllNamespaces()
                        || event.getAgentId().equals(request.getAgentId()))
                .filter(event -> !request.hasStartTs() || event.getCommitTs() >= request.getStartTs())
                .filter(event -> !request.hasEndTs() || event.getCommitTs() <= request.getEndTs())
                .filter(event -> event.getOperationsList().stream()
                        .anyMatch(operation -> operation.getKey().startsWith(filter.getKeyPrefix())
                                && isOf(filter.getKind(), operation)))
                .filter(event -> event.getOrigin().getLabelsList().containsAll(filter.getLabelsList()))
                .toList());
        if (request.getReverse()) {
            Collections.reverse(found);
        }
        return request.getLimit() == 0 ? found : found.subList(0, (int) Math.min(found.size(), request.getLimit()));
    }

    private static boolean isOf(OperationKind kind, Operation operation) {
        boolean isPut = operation.hasJson() || operation.hasValue();
        return switch (kind) {
            case OPERATION_KIND_UNSPECIFIED -> true;
            case OPERATION_KIND_PUT -> isPut;
            case OPERATION_KIND_DELETE -> !isPut;
            case OPERATION_KIND_EXPIRY -> operation.getExpired();
            case UNRECOGNIZED -> throw new IllegalArgumentException("an unknown kind");
        };
    }

    /** What has happened, or where a watch from now on begins; the end of it is a break to a watch, which comes again. */
    synchronized List<WatchResponse> watch(WatchRequest request) {
        if (!request.hasStartTs()) {
            return List.of(
                    WatchResponse.newBuilder().setProgressTs(events.size()).build());
        }
        return replay(ReplayRequest.newBuilder()
                        .setNamespace(request.getNamespace())
                        .setAgentId(request.getAgentId())
                        .setAllAgents(request.getAgentId().isEmpty())
                        .setFilter(request.getFilter())
                        .setStartTs(request.getStartTs())
                        .build())
                .stream()
                .map(event -> WatchResponse.newBuilder().setEvent(event).build())
                .toList();
    }

    synchronized GetTransactionResponse transaction(String id) {
        CommitResponse known = ledger.get(id);
        if (known == null) {
            var fate = fates.getOrDefault(id, TransactionStatus.TRANSACTION_STATUS_UNKNOWN);
            return GetTransactionResponse.newBuilder().setStatus(fate).build();
        }
        return GetTransactionResponse.newBuilder()
                .setStatus(TransactionStatus.TRANSACTION_STATUS_COMMITTED)
                .setCommitTs(known.getCommitTs())
                .setWallTimeMs(known.getWallTimeMs())
                .addAllVersions(known.getVersionsList())
                .build();
    }

    synchronized ResolveTransactionResponse resolve(String id) {
        fates.put(id, TransactionStatus.TRANSACTION_STATUS_ABORTED);
        GetTransactionResponse fate = transaction(id);
        return ResolveTransactionResponse.newBuilder()
                .setStatus(fate.getStatus())
                .setCommitTs(fate.getCommitTs())
                .setWallTimeMs(fate.getWallTimeMs())
                .addAllVersions(fate.getVersionsList())
                .build();
    }

    /** Lets go of all that is superseded by now. */
    synchronized void letGo() {
        floor = events.size();
    }

    synchronized long floor() {
        return floor;
    }

    synchronized long cut(ReadOptions options) {
        return switch (options.getAtCase()) {
            case COMMIT_TS -> past(options.getCommitTs());
            case WALL_TIME_MS ->
                events.stream()
                        .filter(event -> event.getWallTimeMs() <= options.getWallTimeMs())
                        .count();
            case AT_NOT_SET -> events.size();
        };
    }

    private long past(long commitTs) {
        if (commitTs > events.size()) {
            var details = Map.of("latest_commit_ts", Integer.toString(events.size()));
            throw error(Status.Code.OUT_OF_RANGE, ErrorCode.FUTURE_POINT, "this has not happened yet", details);
        }
        if (commitTs < floor) {
            throw error(
                    Status.Code.OUT_OF_RANGE,
                    ErrorCode.COMPACTED,
                    "namespace default keeps its past since commit_ts " + floor + "; what was asked for lies below",
                    Map.of("oldest_commit_ts", Long.toString(floor)));
        }
        return commitTs;
    }

    /** An error as a real node sends it. */
    static StatusRuntimeException error(
            Status.Code status, ErrorCode code, String message, Map<String, String> details) {
        var error = StatehouseError.newBuilder()
                .setCode(code)
                .setMessage(message)
                .putAllDetails(details)
                .build();
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(status.value())
                .setMessage(message)
                .addDetails(Any.pack(error))
                .build());
    }
}
