package io.statehouse.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffResponse;
import io.statehouse.proto.v1.DiffSide;
import io.statehouse.proto.v1.DownstreamRead;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.ExplainedRead;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.GetRetentionResponse;
import io.statehouse.proto.v1.HistoryServiceGrpc;
import io.statehouse.proto.v1.KeyDiff;
import io.statehouse.proto.v1.KeyVersion;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.ListVersionsResponse;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.RetentionPolicy;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.RevertResponse;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.SetRetentionResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.proto.v1.VerifyVerdict;
import io.statehouse.proto.v1.VersionRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The calls about the past, as far as a command line needs them: a difference is the whole value, not its parts. */
final class ScriptedPast {
    private final ScriptedStore store;
    private volatile RetentionPolicy policy = RetentionPolicy.getDefaultInstance();

    private ScriptedPast(ScriptedStore store) {
        this.store = store;
    }

    static void behind(ScriptedServer server, ScriptedStore store) {
        var past = new ScriptedPast(store);
        server.answer(HistoryServiceGrpc.getListVersionsMethod(), past::versions)
                .answer(HistoryServiceGrpc.getDiffMethod(), past::diff)
                .answer(HistoryServiceGrpc.getRevertMethod(), past::revert)
                .answer(HistoryServiceGrpc.getExplainMethod(), past::explain)
                .answer(HistoryServiceGrpc.getGetRetentionMethod(), past::retention)
                .answer(HistoryServiceGrpc.getSetRetentionMethod(), past::setRetention);
        server.<VerifyRequest, VerifyResponse>stream(HistoryServiceGrpc.getVerifyMethod(), ScriptedPast::verify);
    }

    private ListVersionsResponse versions(ListVersionsRequest request) {
        long cut = store.cut(request.getOptions());
        List<KeyVersion> versions = new ArrayList<>();
        for (long number = 1; ; number++) {
            var row = store.version(request.getNamespace(), request.getAgentId(), request.getKey(), number);
            if (row == null || row.event().getCommitTs() > cut) {
                break;
            }
            var version = KeyVersion.newBuilder()
                    .setVersion(row.version())
                    .setCommitTs(row.event().getCommitTs())
                    .setWallTimeMs(row.event().getWallTimeMs())
                    .setTxnId(row.event().getTxnId())
                    .setOrigin(row.event().getOrigin())
                    .setExists(row.json() != null);
            versions.add(
                    row.json() == null
                            ? version.build()
                            : version.setJson(row.json()).build());
        }
        Collections.reverse(versions);
        return ListVersionsResponse.newBuilder()
                .addAllVersions(versions)
                .setReadTs(cut)
                .build();
    }

    private DiffResponse diff(DiffRequest request) {
        Map<String, StateEntry> before = entries(request.getBefore());
        Map<String, StateEntry> after = entries(request.getAfter());
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var answer = DiffResponse.newBuilder()
                .setBeforeTs(store.cut(optionsOf(request.getBefore().getPoint())))
                .setAfterTs(store.cut(optionsOf(request.getAfter().getPoint())));
        for (String name : names) {
            StateEntry was = before.getOrDefault(name, StateEntry.getDefaultInstance());
            StateEntry is = after.getOrDefault(name, StateEntry.getDefaultInstance());
            if (!was.getJson().equals(is.getJson())) {
                answer.addKeys(KeyDiff.newBuilder()
                        .setKey(name)
                        .setVersionBefore(was.getVersion())
                        .setVersionAfter(is.getVersion())
                        .setDeleted(!is.hasJson())
                        .setJsonPatch(replacing(is.getJson())));
            }
        }
        return answer.build();
    }

    private static ByteString replacing(ByteString json) {
        return ByteString.copyFromUtf8("[{\"op\":\"replace\",\"path\":\"\",\"value\":" + json.toStringUtf8() + "}]");
    }

    private Map<String, StateEntry> entries(DiffSide side) {
        Map<String, StateEntry> entries = new TreeMap<>();
        if (side.hasVersion()) {
            var row = store.version(side.getNamespace(), side.getAgentId(), side.getKey(), side.getVersion());
            if (row != null && row.json() != null) {
                entries.put(side.getKey(), row.entry());
            }
            return entries;
        }
        for (StateEntry entry :
                store.scan(side.getNamespace(), side.getAgentId(), side.getKey(), optionsOf(side.getPoint()))) {
            entries.put(entry.getKey(), entry);
        }
        return entries;
    }

    private static ReadOptions optionsOf(Point point) {
        return switch (point.getAtCase()) {
            case COMMIT_TS ->
                ReadOptions.newBuilder().setCommitTs(point.getCommitTs()).build();
            case WALL_TIME_MS ->
                ReadOptions.newBuilder().setWallTimeMs(point.getWallTimeMs()).build();
            case AT_NOT_SET -> ReadOptions.getDefaultInstance();
        };
    }

    private RevertResponse revert(RevertRequest request) {
        var side = DiffSide.newBuilder()
                .setNamespace(request.getNamespace())
                .setAgentId(request.getAgentId())
                .setKey(request.getKey());
        Map<String, StateEntry> now = entries(side.build());
        if (request.getToVersion() > 0) {
            side.setVersion(request.getToVersion());
        } else {
            side.setPoint(request.getTo());
        }
        Map<String, StateEntry> then = entries(side.build());
        var names = new TreeSet<>(now.keySet());
        names.addAll(then.keySet());
        names.removeIf(name -> then.containsKey(name)
                && now.containsKey(name)
                && then.get(name).getJson().equals(now.get(name).getJson()));
        var transaction = Transaction.newBuilder().setOrigin(request.getOrigin());
        for (String name : names) {
            var operation = TransactionOperation.newBuilder()
                    .setNamespace(request.getNamespace())
                    .setAgentId(request.getAgentId())
                    .setKey(name);
            transaction.addOperations(
                    then.containsKey(name)
                            ? operation.setJson(then.get(name).getJson())
                            : operation.setDelete(DeleteKey.getDefaultInstance()));
        }
        CommitResponse committed = store.commit(CommitRequest.newBuilder()
                .setTxnId(request.getTxnId())
                .setTransaction(transaction)
                .build());
        return RevertResponse.newBuilder()
                .setCommitTs(committed.getCommitTs())
                .setWallTimeMs(committed.getWallTimeMs())
                .setReplayed(committed.getReplayed())
                .addAllChangedKeys(names)
                .build();
    }

    private ExplainResponse explain(ExplainRequest request) {
        List<ReplayEvent> all = store.replay(ReplayRequest.newBuilder()
                .setNamespace("default")
                .setAllAgents(true)
                .build());
        VersionRef wanted = request.getVersion();
        var event = all.stream()
                .filter(one -> request.hasTxnId()
                        ? one.getTxnId().equals(request.getTxnId())
                        : one.getOperationsList().stream()
                                .anyMatch(operation -> operation.getKey().equals(wanted.getKey())
                                        && operation.getVersion() == wanted.getVersion()))
                .findFirst();
        if (event.isEmpty()) {
            throw ScriptedStore.error(
                    Status.Code.NOT_FOUND,
                    ErrorCode.TXN_NOT_FOUND,
                    "transaction not found: " + request.getTxnId(),
                    Map.of());
        }
        var answer = ExplainResponse.newBuilder().setEvent(event.get());
        event.get().getReadSetList().forEach(read -> answer.addReads(read(read)));
        if (request.getDownstream()) {
            all.stream()
                    .filter(later -> later.getReadSetList().stream()
                            .anyMatch(read -> wrote(event.get(), read.getKey(), read.getVersion())))
                    .forEach(later -> answer.addDownstream(DownstreamRead.newBuilder()
                            .setTxnId(later.getTxnId())
                            .setCommitTs(later.getCommitTs())
                            .setRef(ref(later.getReadSet(0)))));
        }
        return answer.build();
    }

    private static boolean wrote(ReplayEvent event, String key, long version) {
        return event.getOperationsList().stream()
                .anyMatch(operation -> operation.getKey().equals(key) && operation.getVersion() == version);
    }

    private ExplainedRead read(ReadRecord read) {
        var message = ExplainedRead.newBuilder().setRef(ref(read));
        var row = store.version("default", read.getAgentId(), read.getKey(), read.getVersion());
        if (row == null || row.json() == null) {
            return message.build();
        }
        return message.setExists(true)
                .setJson(row.json())
                .setCommitTs(row.event().getCommitTs())
                .setTxnId(row.event().getTxnId())
                .build();
    }

    private GetRetentionResponse retention(GetRetentionRequest request) {
        return GetRetentionResponse.newBuilder()
                .setPolicy(policy)
                .setFloorTs(store.floor())
                .setReadTs(store.cut(request.getOptions()))
                .build();
    }

    private SetRetentionResponse setRetention(SetRetentionRequest request) {
        policy = request.getPolicy();
        if (!policy.equals(RetentionPolicy.getDefaultInstance())) {
            store.letGo();
        }
        return SetRetentionResponse.getDefaultInstance();
    }

    private static VersionRef ref(ReadRecord read) {
        return VersionRef.newBuilder()
                .setNamespace(read.getNamespace())
                .setAgentId(read.getAgentId())
                .setKey(read.getKey())
                .setVersion(read.getVersion())
                .build();
    }

    private static List<VerifyResponse> verify(VerifyRequest request) {
        var begun = VerifyResponse.newBuilder().setTargetTs(9).build();
        var verdict = VerifyVerdict.newBuilder()
                .setIntact(request.getStartTs() == 0)
                .setFirstBadTs(request.getStartTs())
                .setReason(request.getStartTs() == 0 ? "" : "the event does not match the chain")
                .setChainHash(ByteString.copyFromUtf8("chain"))
                .setDigest(ByteString.copyFromUtf8("state"));
        return List.of(
                begun, begun.toBuilder().setVerifiedTs(9).setVerdict(verdict).build());
    }
}
