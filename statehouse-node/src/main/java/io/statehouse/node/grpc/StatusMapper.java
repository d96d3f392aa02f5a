package io.statehouse.node.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StatehouseError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures to gRPC statuses with a {@link StatehouseError} in their details, and back for answers of other nodes. */
final class StatusMapper {
    private static final Logger LOG = LoggerFactory.getLogger(StatusMapper.class);

    /** Texts hold keys, and all of an error must fit the 8 KiB of trailers that clients accept. */
    private static final int MESSAGE_BYTES_MAX = 384;

    private static final int DETAIL_BYTES_MAX = 512;
    private static final String CUT = "...";

    private static final Map<ErrorCode, ErrorKind> KINDS = Arrays.stream(ErrorKind.values())
            .collect(Collectors.toMap(kind -> named(kind).errorCode(), Function.identity()));

    private StatusMapper() {}

    private record Name(Status.Code status, ErrorCode errorCode) {}

    private static Name named(ErrorKind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> new Name(Status.Code.INVALID_ARGUMENT, ErrorCode.INVALID_REQUEST);
            case LIMIT_EXCEEDED -> new Name(Status.Code.INVALID_ARGUMENT, ErrorCode.LIMIT_EXCEEDED);
            case OVERLOADED -> new Name(Status.Code.RESOURCE_EXHAUSTED, ErrorCode.OVERLOADED);
            case TXN_NOT_FOUND -> new Name(Status.Code.NOT_FOUND, ErrorCode.TXN_NOT_FOUND);
            case TXN_EXPIRED -> new Name(Status.Code.DEADLINE_EXCEEDED, ErrorCode.TXN_EXPIRED);
            case TXN_ALREADY_COMMITTED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ALREADY_COMMITTED);
            case TXN_ABORTED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ABORTED);
            case TXN_ID_REUSED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ID_REUSED);
            case TXN_ID_EXPIRED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.TXN_ID_EXPIRED);
            case TXN_LOST -> new Name(Status.Code.ABORTED, ErrorCode.TXN_LOST);
            case CONFLICT -> new Name(Status.Code.ABORTED, ErrorCode.CONFLICT);
            case NOT_APPLICABLE -> new Name(Status.Code.ABORTED, ErrorCode.NOT_APPLICABLE);
            case NOT_FOUND -> new Name(Status.Code.NOT_FOUND, ErrorCode.KEY_NOT_FOUND);
            case RULE_BROKEN -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.RULE_BROKEN);
            case FENCED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.FENCED);
            case VERSION_NOT_FOUND -> new Name(Status.Code.NOT_FOUND, ErrorCode.VERSION_NOT_FOUND);
            case COMPACTED -> new Name(Status.Code.OUT_OF_RANGE, ErrorCode.COMPACTED);
            case FUTURE_POINT -> new Name(Status.Code.OUT_OF_RANGE, ErrorCode.FUTURE_POINT);
            case CHANGE_REFUSED -> new Name(Status.Code.FAILED_PRECONDITION, ErrorCode.CHANGE_REFUSED);
            case UNAUTHENTICATED -> new Name(Status.Code.UNAUTHENTICATED, ErrorCode.UNAUTHENTICATED);
            case PERMISSION_DENIED -> new Name(Status.Code.PERMISSION_DENIED, ErrorCode.PERMISSION_DENIED);
            case NOT_LEADER -> new Name(Status.Code.UNAVAILABLE, ErrorCode.NOT_LEADER);
            case NOT_READY -> new Name(Status.Code.UNAVAILABLE, ErrorCode.NOT_READY);
            case OUTCOME_UNKNOWN -> new Name(Status.Code.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN);
            case STORAGE_ERROR -> new Name(Status.Code.INTERNAL, ErrorCode.STORAGE_ERROR);
            case QUOTA_EXCEEDED -> new Name(Status.Code.RESOURCE_EXHAUSTED, ErrorCode.QUOTA_EXCEEDED);
            case STORAGE_FULL -> new Name(Status.Code.RESOURCE_EXHAUSTED, ErrorCode.STORAGE_FULL);
            case INTERNAL_ERROR -> new Name(Status.Code.INTERNAL, ErrorCode.INTERNAL_ERROR);
        };
    }

    /** What a client is told of a failure. A fault of this node is logged here, once; a refusal is not. */
    static StatusRuntimeException toStatus(Throwable failure) {
        ServiceException told = told(failure);
        StatehouseError error = toError(told);
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(named(told.kind()).status().value())
                .setMessage(error.getMessage())
                .addDetails(Any.pack(error))
                .build());
    }

    /** As what a call would end with an error of ours. */
    static Status.Code codeOf(StatehouseError error) {
        ErrorKind kind = KINDS.get(error.getCode());
        return kind == null ? Status.Code.UNKNOWN : named(kind).status();
    }

    /** The same for a call that goes on. */
    static StatehouseError toError(Throwable failure) {
        return toError(told(failure));
    }

    private static ServiceException told(Throwable failure) {
        ServiceException told = Refusals.of(failure);
        if (told.getCause() != null) {
            LOG.error("a call failed kind={} trace={}", told.kind(), Calls.trace(), told.getCause());
        }
        return told;
    }

    static StatehouseError toError(ServiceException told) {
        StatehouseError.Builder error = StatehouseError.newBuilder()
                .setCode(named(told.kind()).errorCode())
                .setMessage(cut(told.text(), MESSAGE_BYTES_MAX));
        new TreeMap<>(told.details()).forEach((name, text) -> error.putDetails(name, cut(text, DETAIL_BYTES_MAX)));
        return error.build();
    }

    /** What another node answered; null when the failure is not an answer but a broken connection. */
    static @Nullable ServiceException fromPeer(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return null;
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(StatehouseError.class)) {
                return fromPeer(detail);
            }
        }
        return null;
    }

    private static @Nullable ServiceException fromPeer(Any detail) {
        try {
            return fromError(detail.unpack(StatehouseError.class));
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    static ServiceException fromError(StatehouseError error) {
        ErrorKind kind = KINDS.getOrDefault(error.getCode(), ErrorKind.INTERNAL_ERROR);
        return new ServiceException(kind, error.getMessage(), error.getDetailsMap());
    }

    private static String cut(String text, int bytesMax) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= bytesMax) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int bytes = CUT.length();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            String next = Character.toString(text.codePointAt(i));
            bytes += next.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > bytesMax) {
                break;
            }
            cut.append(next);
        }
        return cut.append(CUT).toString();
    }
}
