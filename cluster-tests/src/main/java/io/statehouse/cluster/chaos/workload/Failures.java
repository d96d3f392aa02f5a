package io.statehouse.cluster.chaos.workload;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StatehouseError;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a failed call says: certainly not applied, or nobody knows. */
final class Failures {
    private static final String UNAVAILABLE = "UNAVAILABLE";

    private Failures() {}

    static Outcome outcomeOf(StatehouseException failure) {
        return failure instanceof StatehouseException.OutcomeUnknown ? Outcome.UNKNOWN : Outcome.FAIL;
    }

    static @Nullable Response answerIn(StatehouseException failure, Request request) {
        if (failure instanceof StatehouseException.OutcomeUnknown) {
            return null;
        }
        String message = String.valueOf(failure.getMessage());
        if (!(failure instanceof StatehouseException.Refused refused)) {
            return new Response.Refused(UNAVAILABLE, message);
        }
        Response conflict = refused.code() == RefusalCode.CONFLICT ? conflictIn(refused, request) : null;
        return conflict == null ? new Response.Refused(codeOf(refused.code()), message) : conflict;
    }

    /** The key comes as text; which of the request's keys it is, the condition that names it tells. */
    private static @Nullable Response conflictIn(StatehouseException.Refused refused, Request request) {
        Long version = refused.currentVersion();
        Long commitTs = refused.currentCommitTs();
        List<Condition> conditions =
                request instanceof Request.Commit commit ? commit.conditions() : List.<Condition>of();
        String named = refused.details().getOrDefault("key", "");
        Key key = conditions.stream()
                .map(Condition::key)
                .filter(known -> known.name().equals(named))
                .findFirst()
                .orElse(null);
        return version == null || commitTs == null || key == null
                ? null
                : new Response.Conflict(key, version, new CommitTs(commitTs));
    }

    /** The contract's name of a code. */
    static String codeOf(RefusalCode code) {
        return switch (code) {
            case INVALID_REQUEST -> ErrorCode.INVALID_REQUEST.name();
            case CONFLICT -> ErrorCode.CONFLICT.name();
            case NOT_APPLICABLE -> ErrorCode.NOT_APPLICABLE.name();
            case RULE_BROKEN -> ErrorCode.RULE_BROKEN.name();
            case FENCED -> ErrorCode.FENCED.name();
            case LIMIT_EXCEEDED -> ErrorCode.LIMIT_EXCEEDED.name();
            case TRANSACTION_NOT_FOUND -> ErrorCode.TXN_NOT_FOUND.name();
            case TRANSACTION_EXPIRED -> ErrorCode.TXN_EXPIRED.name();
            case TRANSACTION_ALREADY_COMMITTED -> ErrorCode.TXN_ALREADY_COMMITTED.name();
            case TRANSACTION_LOST -> ErrorCode.TXN_LOST.name();
            case TRANSACTION_ID_REUSED -> ErrorCode.TXN_ID_REUSED.name();
            case TRANSACTION_ABORTED -> ErrorCode.TXN_ABORTED.name();
            case KEY_NOT_FOUND -> ErrorCode.KEY_NOT_FOUND.name();
            case VERSION_NOT_FOUND -> ErrorCode.VERSION_NOT_FOUND.name();
            case COMPACTED -> ErrorCode.COMPACTED.name();
            case FUTURE_POINT -> ErrorCode.FUTURE_POINT.name();
            case QUOTA_EXCEEDED -> ErrorCode.QUOTA_EXCEEDED.name();
            case STORAGE_FULL -> ErrorCode.STORAGE_FULL.name();
            case CHANGE_REFUSED -> ErrorCode.CHANGE_REFUSED.name();
            case UNAUTHENTICATED, PERMISSION_DENIED, UNSUPPORTED, OTHER -> code.name();
        };
    }

    static Outcome outcomeOf(StatusRuntimeException failure) {
        StatehouseError error = errorIn(failure);
        if (error == null) {
            return Outcome.UNKNOWN;
        }
        return switch (error.getCode()) {
            case OUTCOME_UNKNOWN, STORAGE_ERROR, INTERNAL_ERROR, UNKNOWN, UNRECOGNIZED -> Outcome.UNKNOWN;
            case INVALID_REQUEST,
                    TXN_NOT_FOUND,
                    TXN_EXPIRED,
                    TXN_ALREADY_COMMITTED,
                    KEY_NOT_FOUND,
                    VERSION_NOT_FOUND,
                    CONFLICT,
                    NOT_APPLICABLE,
                    RULE_BROKEN,
                    FENCED,
                    NOT_LEADER,
                    NOT_READY,
                    LIMIT_EXCEEDED,
                    TXN_LOST,
                    TXN_ID_REUSED,
                    TXN_ABORTED,
                    COMPACTED,
                    FUTURE_POINT,
                    OVERLOADED,
                    STORAGE_FULL,
                    QUOTA_EXCEEDED,
                    CHANGE_REFUSED,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    TXN_ID_EXPIRED -> Outcome.FAIL;
        };
    }

    static @Nullable Response answerIn(StatusRuntimeException failure) {
        StatehouseError error = errorIn(failure);
        return error == null || outcomeOf(failure) == Outcome.UNKNOWN
                ? null
                : new Response.Refused(error.getCode().name(), error.getMessage());
    }

    private static @Nullable StatehouseError errorIn(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return null;
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(StatehouseError.class)) {
                try {
                    return detail.unpack(StatehouseError.class);
                } catch (InvalidProtocolBufferException e) {
                    // Bytes that are no error of ours say nothing.
                    return null;
                }
            }
        }
        return null;
    }
}
