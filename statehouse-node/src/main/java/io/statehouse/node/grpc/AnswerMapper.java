package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.statehouse.node.service.Fate;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.GetTransactionResponse;
import io.statehouse.proto.v1.ResolveTransactionResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.TransactionStatus;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.StateView;
import org.jspecify.annotations.Nullable;

/** What the service answers, in the words of the wire. */
final class AnswerMapper {
    private AnswerMapper() {}

    static CommitResponse commit(Reply.Committed committed) {
        return CommitResponse.newBuilder()
                .setCommitTs(committed.commitTs().value())
                .setWallTimeMs(committed.wallMillis())
                .addAllVersions(committed.versions())
                .setReplayed(committed.isReplayed())
                .build();
    }

    static GetStateResponse state(StateView view, @Nullable Entry entry, boolean wantsStruct) {
        GetStateResponse.Builder response =
                GetStateResponse.newBuilder().setReadTs(view.at().value());
        if (entry == null) {
            return response.build();
        }
        Json value = entry.value();
        if (value != null && wantsStruct) {
            response.setValue(StructJson.toStruct(value));
        } else if (value != null) {
            response.setJson(bytes(value));
        }
        return response.setExists(value != null)
                .setVersion(entry.version())
                .setCommitTs(entry.commitTs().value())
                .setWallTimeMs(entry.wallMillis())
                .build();
    }

    static GetStateAtVersionResponse stateAtVersion(StateView view, @Nullable Entry entry, boolean wantsStruct) {
        GetStateResponse same = state(view, entry, wantsStruct);
        GetStateAtVersionResponse.Builder response = GetStateAtVersionResponse.newBuilder()
                .setVersion(same.getVersion())
                .setCommitTs(same.getCommitTs())
                .setExists(same.getExists())
                .setWallTimeMs(same.getWallTimeMs())
                .setReadTs(same.getReadTs());
        if (same.hasValue()) {
            response.setValue(same.getValue());
        }
        if (same.hasJson()) {
            response.setJson(same.getJson());
        }
        return response.build();
    }

    static StateEntry entry(NamedEntry named, boolean wantsStruct) {
        Entry entry = named.entry();
        StateEntry.Builder response = StateEntry.newBuilder()
                .setKey(named.name())
                .setVersion(entry.version())
                .setCommitTs(entry.commitTs().value())
                .setWallTimeMs(entry.wallMillis());
        Json value = entry.value();
        if (value != null && wantsStruct) {
            response.setValue(StructJson.toStruct(value));
        } else if (value != null) {
            response.setJson(bytes(value));
        }
        return response.build();
    }

    static GetTransactionResponse fate(Fate fate) {
        ResolveTransactionResponse same = resolved(fate);
        GetTransactionResponse.Builder response = GetTransactionResponse.newBuilder()
                .setStatus(same.getStatus())
                .setCommitTs(same.getCommitTs())
                .setWallTimeMs(same.getWallTimeMs())
                .addAllVersions(same.getVersionsList());
        if (same.hasRefusal()) {
            response.setRefusal(same.getRefusal());
        }
        return response.build();
    }

    static ResolveTransactionResponse resolved(Fate fate) {
        ResolveTransactionResponse.Builder response = ResolveTransactionResponse.newBuilder();
        return switch (fate) {
            case Fate.Committed committed ->
                response.setStatus(TransactionStatus.TRANSACTION_STATUS_COMMITTED)
                        .setCommitTs(committed.reply().commitTs().value())
                        .setWallTimeMs(committed.reply().wallMillis())
                        .addAllVersions(committed.reply().versions())
                        .build();
            case Fate.Aborted aborted ->
                response.setStatus(TransactionStatus.TRANSACTION_STATUS_ABORTED).build();
            case Fate.Refused refused ->
                response.setStatus(TransactionStatus.TRANSACTION_STATUS_REFUSED)
                        .setRefusal(StatusMapper.toError(refused.why()))
                        .build();
            case Fate.Staged staged ->
                response.setStatus(TransactionStatus.TRANSACTION_STATUS_STAGED).build();
            case Fate.Unknown unknown ->
                response.setStatus(TransactionStatus.TRANSACTION_STATUS_UNKNOWN).build();
        };
    }

    /** The value's own bytes: they never change. */
    static ByteString bytes(Json value) {
        return UnsafeByteOperations.unsafeWrap(value.utf8());
    }
}
