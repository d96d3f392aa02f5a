package io.statehouse.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.StatehouseError;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a failed try means: the one place where a gRPC status is read.
 *
 * @param kind what it says about this try and the transaction
 * @param code why it was refused, where it was
 * @param message for the caller
 * @param details the server's details
 * @param status the gRPC status code
 */
record Verdict(Kind kind, RefusalCode code, String message, Map<String, String> details, Status.Code status) {
    /** From "the last word" to "no idea". */
    enum Kind {
        /** The replicated state has decided this transaction id: it holds for every try of it. */
        DECIDED,
        /** This try was refused and so would be the next; earlier tries may have fared better. */
        REFUSED,
        /** This try was certainly not applied; another member leads. */
        NOT_LEADER,
        /** This try was certainly not applied; the node knows no leader or is not yet caught up. */
        NOT_READY,
        /** This try was certainly not applied; the node asks to be left alone for a while. */
        OVERLOADED,
        /** This try never left this process. */
        NOT_SENT,
        /** This try may have been applied. */
        IN_DOUBT
    }

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(1);

    static Verdict of(Status status, @Nullable Metadata trailers, boolean sent) {
        StatehouseError error = errorIn(trailers);
        if (error != null) {
            return ofServer(status, error);
        }
        String message = describe(status);
        RefusalCode refusal = refusalOf(status.getCode());
        if (refusal != null) {
            return new Verdict(Kind.REFUSED, refusal, message, Map.of(), status.getCode());
        }
        return new Verdict(
                sent ? Kind.IN_DOUBT : Kind.NOT_SENT, RefusalCode.OTHER, message, Map.of(), status.getCode());
    }

    /** What an error says that came as a message of a call which goes on. */
    static Verdict of(StatehouseError error) {
        return ofServer(Status.UNKNOWN, error);
    }

    /**
     * What an end says of everything in a call that carries many requests, when it says that the call itself was not let in;
     * null when it says anything else.
     */
    static @Nullable Verdict ofCallNotLetIn(Status status, @Nullable Metadata trailers) {
        StatehouseError error = errorIn(trailers);
        if (error == null) {
            return null;
        }
        Verdict verdict = ofServer(status, error);
        boolean isStranger =
                verdict.code() == RefusalCode.UNAUTHENTICATED || verdict.code() == RefusalCode.PERMISSION_DENIED;
        return isStranger || verdict.kind() == Kind.OVERLOADED ? verdict : null;
    }

    /** A try that nobody has answered in its time. */
    static Verdict unanswered(Duration time) {
        return new Verdict(
                Kind.IN_DOUBT,
                RefusalCode.OTHER,
                "no answer within " + time.toMillis() + " ms",
                Map.of(),
                Status.Code.DEADLINE_EXCEEDED);
    }

    private static Verdict ofServer(Status status, StatehouseError error) {
        ErrorCode code = error.getCode();
        String message = error.getMessage().isEmpty() ? describe(status) : error.getMessage();
        return new Verdict(kindOf(code), codeOf(code), message, error.getDetailsMap(), status.getCode());
    }

    private static Kind kindOf(ErrorCode code) {
        return switch (code) {
            case CONFLICT, NOT_APPLICABLE, FENCED, TXN_ID_REUSED, TXN_ABORTED -> Kind.DECIDED;
            case NOT_LEADER -> Kind.NOT_LEADER;
            case NOT_READY -> Kind.NOT_READY;
            case OVERLOADED -> Kind.OVERLOADED;
            case OUTCOME_UNKNOWN, STORAGE_ERROR, INTERNAL_ERROR, UNKNOWN, UNRECOGNIZED -> Kind.IN_DOUBT;
            case INVALID_REQUEST,
                    TXN_NOT_FOUND,
                    TXN_EXPIRED,
                    TXN_ID_EXPIRED,
                    TXN_ALREADY_COMMITTED,
                    KEY_NOT_FOUND,
                    RULE_BROKEN,
                    VERSION_NOT_FOUND,
                    LIMIT_EXCEEDED,
                    TXN_LOST,
                    COMPACTED,
                    FUTURE_POINT,
                    CHANGE_REFUSED,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    QUOTA_EXCEEDED,
                    STORAGE_FULL -> Kind.REFUSED;
        };
    }

    static RefusalCode codeOf(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST -> RefusalCode.INVALID_REQUEST;
            case CONFLICT -> RefusalCode.CONFLICT;
            case NOT_APPLICABLE -> RefusalCode.NOT_APPLICABLE;
            case LIMIT_EXCEEDED -> RefusalCode.LIMIT_EXCEEDED;
            case TXN_NOT_FOUND -> RefusalCode.TRANSACTION_NOT_FOUND;
            case TXN_EXPIRED, TXN_ID_EXPIRED -> RefusalCode.TRANSACTION_EXPIRED;
            case TXN_ALREADY_COMMITTED -> RefusalCode.TRANSACTION_ALREADY_COMMITTED;
            case TXN_LOST -> RefusalCode.TRANSACTION_LOST;
            case TXN_ID_REUSED -> RefusalCode.TRANSACTION_ID_REUSED;
            case TXN_ABORTED -> RefusalCode.TRANSACTION_ABORTED;
            case RULE_BROKEN -> RefusalCode.RULE_BROKEN;
            case FENCED -> RefusalCode.FENCED;
            case KEY_NOT_FOUND -> RefusalCode.KEY_NOT_FOUND;
            case VERSION_NOT_FOUND -> RefusalCode.VERSION_NOT_FOUND;
            case COMPACTED -> RefusalCode.COMPACTED;
            case FUTURE_POINT -> RefusalCode.FUTURE_POINT;
            case CHANGE_REFUSED -> RefusalCode.CHANGE_REFUSED;
            case UNAUTHENTICATED -> RefusalCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> RefusalCode.PERMISSION_DENIED;
            case STORAGE_FULL -> RefusalCode.STORAGE_FULL;
            case QUOTA_EXCEEDED -> RefusalCode.QUOTA_EXCEEDED;
            case NOT_LEADER,
                    NOT_READY,
                    OVERLOADED,
                    OUTCOME_UNKNOWN,
                    STORAGE_ERROR,
                    INTERNAL_ERROR,
                    UNKNOWN,
                    UNRECOGNIZED -> RefusalCode.OTHER;
        };
    }

    // A status without our error comes from the transport, a proxy or an interceptor. Those listed here are given
    // before
    // a call reaches its handler; all others may come after it.
    private static @Nullable RefusalCode refusalOf(Status.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> RefusalCode.INVALID_REQUEST;
            case UNAUTHENTICATED -> RefusalCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> RefusalCode.PERMISSION_DENIED;
            case UNIMPLEMENTED -> RefusalCode.UNSUPPORTED;
            case RESOURCE_EXHAUSTED -> RefusalCode.LIMIT_EXCEEDED;
            case NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION -> RefusalCode.OTHER;
            case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> null;
        };
    }

    private static @Nullable StatehouseError errorIn(@Nullable Metadata trailers) {
        byte[] rich = trailers == null ? null : trailers.get(DETAILS);
        if (rich == null) {
            return null;
        }
        try {
            for (Any detail : com.google.rpc.Status.parseFrom(rich).getDetailsList()) {
                if (detail.is(StatehouseError.class)) {
                    return detail.unpack(StatehouseError.class);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            // Bytes that are no error of ours say nothing; the bare status is read instead.
            return null;
        }
        return null;
    }

    /** The leader's address, where the server named one that can be read. */
    @Nullable
    Endpoint hint() {
        String address = details.getOrDefault("leader_address", "");
        if (kind != Kind.NOT_LEADER || address.isEmpty()) {
            return null;
        }
        try {
            return Endpoint.parse(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * How long an overloaded server asks to be left alone, at most a second. A node that is merely not ready is asked again
     * at the pace of the retry policy: it says the same for the whole of an election, and others may be ready before it.
     */
    Duration retryAfter() {
        if (kind != Kind.OVERLOADED) {
            return Duration.ZERO;
        }
        try {
            var asked = Duration.ofMillis(Long.parseLong(details.getOrDefault("retry_after_ms", "0")));
            return asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }

    StatehouseException.Refused refusal(@Nullable Throwable cause) {
        return new StatehouseException.Refused(code, message, details, cause);
    }

    CallObserver.Outcome outcome() {
        return switch (kind) {
            case DECIDED, REFUSED -> CallObserver.Outcome.REFUSED;
            case NOT_LEADER, NOT_READY, OVERLOADED, NOT_SENT -> CallObserver.Outcome.UNAVAILABLE;
            case IN_DOUBT -> CallObserver.Outcome.UNKNOWN;
        };
    }

    /** A status as text. */
    static String describe(Status status) {
        return status.getDescription() == null
                ? status.getCode().toString()
                : status.getCode() + ": " + status.getDescription();
    }
}
