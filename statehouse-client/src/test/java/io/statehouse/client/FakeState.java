package io.statehouse.client;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.Condition;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.TransactionStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a cluster of fake nodes agrees on: a ledger of transaction ids and every version of every key, in memory. */
final class FakeState {
    private record Version(@Nullable ByteString json, long version, long commitTs) {}

    private final Map<String, CommitResponse> ledger = new HashMap<>();
    private final Set<String> aborted = new LinkedHashSet<>();
    private final TreeMap<String, List<Version>> keys = new TreeMap<>();
    private final List<ReplayEvent> events = new ArrayList<>();
    private final List<CommitRequest> applied = new ArrayList<>();
    private long commitTs;

    synchronized CommitResponse commit(CommitRequest request) {
        CommitResponse known = ledger.get(request.getTxnId());
        if (known != null) {
            return known.toBuilder().setReplayed(true).build();
        }
        if (aborted.contains(request.getTxnId())) {
            throw FakeNode.error(ErrorCode.TXN_ABORTED, "aborted", Map.of());
        }
        request.getTransaction().getConditionsList().forEach(this::require);
        commitTs++;
        notifyAll();
        var response = CommitResponse.newBuilder().setCommitTs(commitTs).setWallTimeMs(1_000 + commitTs);
        var event = ReplayEvent.newBuilder()
                .setTxnId(request.getTxnId())
                .setCommitTs(commitTs)
                .setWallTimeMs(1_000 + commitTs)
                .setOrigin(request.getTransaction().getOrigin())
                .addAllReadSet(request.getTransaction().getReadSetList());
        for (var operation : request.getTransaction().getOperationsList()) {
            String row = row(operation.getNamespace(), operation.getAgentId(), operation.getKey());
            List<Version> versions = keys.computeIfAbsent(row, r -> new ArrayList<>());
            ByteString json = operation.hasJson() ? operation.getJson() : null;
            long version = versions.size() + 1L;
            versions.add(new Version(json, version, commitTs));
            response.addVersions(version);
            event.setNamespace(operation.getNamespace()).setAgentId(operation.getAgentId());
            event.addOperations(change(operation.getKey(), json, version));
        }
        events.add(event.build());
        applied.add(request);
        ledger.put(request.getTxnId(), response.build());
        return response.build();
    }

    private static Operation change(String key, @Nullable ByteString json, long version) {
        var operation = Operation.newBuilder().setKey(key).setVersion(version);
        return json == null ? operation.build() : operation.setJson(json).build();
    }

    private void require(Condition condition) {
        List<Version> versions = versions(condition.getNamespace(), condition.getAgentId(), condition.getKey());
        Version last = versions.isEmpty() ? null : versions.get(versions.size() - 1);
        long version = last == null ? 0 : last.version();
        long at = last == null ? 0 : last.commitTs();
        boolean exists = last != null && last.json() != null;
        boolean holds = switch (condition.getRequirementCase()) {
            case VERSION_EQUALS -> version == condition.getVersionEquals();
            case EXISTS -> exists == condition.getExists();
            case UNCHANGED_SINCE -> at <= condition.getUnchangedSince();
            case AGENT_UNCHANGED_SINCE -> throw new IllegalArgumentException("the client does not ask for it");
            case REQUIREMENT_NOT_SET -> true;
        };
        if (!holds) {
            var details =
                    Map.of("key", condition.getKey(), "current_version", "" + version, "current_commit_ts", "" + at);
            throw FakeNode.error(ErrorCode.CONFLICT, "the key has version " + version, details);
        }
    }

    synchronized GetStateResponse get(String namespace, String agentId, String key, long asOf) {
        var answer = GetStateResponse.newBuilder().setReadTs(asOf);
        for (Version version : versions(namespace, agentId, key)) {
            if (version.commitTs() <= asOf) {
                answer.setVersion(version.version()).setCommitTs(version.commitTs());
                answer.setExists(version.json() != null).clearJson();
                if (version.json() != null) {
                    answer.setJson(version.json());
                }
            }
        }
        return answer.build();
    }

    /** The keys of an agent that hold a value as of a commit. */
    synchronized List<String> keys(String namespace, String agentId, String prefix, long asOf) {
        String rows = row(namespace, agentId, prefix);
        return keys.tailMap(rows).keySet().stream()
                .takeWhile(row -> row.startsWith(rows))
                .map(row -> row.substring(row(namespace, agentId, "").length()))
                .filter(key -> get(namespace, agentId, key, asOf).getExists())
                .toList();
    }

    synchronized List<ReplayEvent> replay(ReplayRequest request) {
        List<ReplayEvent> found = new ArrayList<>();
        for (ReplayEvent event : events) {
            boolean isInRange = (!request.hasStartTs() || event.getCommitTs() >= request.getStartTs())
                    && (!request.hasEndTs() || event.getCommitTs() <= request.getEndTs());
            if (isInRange && (request.getAllAgents() || event.getAgentId().equals(request.getAgentId()))) {
                found.add(event);
            }
        }
        if (request.getReverse()) {
            Collections.reverse(found);
        }
        return request.getLimit() == 0 ? found : found.subList(0, (int) Math.min(request.getLimit(), found.size()));
    }

    synchronized ResolveTransactionResponse resolve(String id) {
        CommitResponse known = ledger.get(id);
        if (known == null) {
            aborted.add(id);
            return ResolveTransactionResponse.newBuilder()
                    .setStatus(TransactionStatus.TRANSACTION_STATUS_ABORTED)
                    .build();
        }
        return ResolveTransactionResponse.newBuilder()
                .setStatus(TransactionStatus.TRANSACTION_STATUS_COMMITTED)
                .setCommitTs(known.getCommitTs())
                .addAllVersions(known.getVersionsList())
                .build();
    }

    synchronized TransactionStatus statusOf(String id) {
        return ledger.containsKey(id)
                ? TransactionStatus.TRANSACTION_STATUS_COMMITTED
                : aborted.contains(id)
                        ? TransactionStatus.TRANSACTION_STATUS_ABORTED
                        : TransactionStatus.TRANSACTION_STATUS_UNKNOWN;
    }

    /** Waits for a commit of at least this number, or for the time to pass. */
    synchronized void awaitCommit(long ts, long millisMax) throws InterruptedException {
        long deadline = System.nanoTime() + millisMax * 1_000_000;
        while (commitTs < ts) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    synchronized long commitTs() {
        return commitTs;
    }

    /** Everything that was applied, each once. */
    synchronized List<CommitRequest> applied() {
        return List.copyOf(applied);
    }

    private List<Version> versions(String namespace, String agentId, String key) {
        return keys.getOrDefault(row(namespace, agentId, key), List.of());
    }

    private static String row(String namespace, String agentId, String key) {
        return namespace + "\n" + agentId + "\n" + key;
    }
}
