package io.statehouse.node.service;

import io.statehouse.raft.LogException;
import io.statehouse.raft.Member;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.decide.Reply;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Says every refusal and every failure in the words of {@link ServiceException}: the one place where they are translated. */
public final class Refusals {
    /** The detail that says which namespace a refusal tells of. */
    static final String NAMESPACE = "namespace";

    private static final String RETRY_AFTER_MILLIS = "200";

    /** Nobody frees a disk sooner. */
    private static final String STORAGE_RETRY_AFTER_MILLIS = "5000";

    private Refusals() {}

    public static ServiceException invalid(String field, String reason) {
        return new ServiceException(ErrorKind.INVALID_REQUEST, field + ": " + reason, Map.of("field", field));
    }

    public static ServiceException limitExceeded(String limit, long max, long actual) {
        return new ServiceException(
                ErrorKind.LIMIT_EXCEEDED,
                limit + " is " + max + ", the request has " + actual,
                limit(limit, max, actual));
    }

    public static ServiceException overloaded(String limit, long max, long actual) {
        Map<String, String> details = new HashMap<>(limit(limit, max, actual));
        details.put("retry_after_ms", RETRY_AFTER_MILLIS);
        return new ServiceException(
                ErrorKind.OVERLOADED, limit + " is " + max + " on this node, and it is reached; try later", details);
    }

    /** Deletes are still taken. */
    static ServiceException storageFull(DiskGauge.Space space) {
        return new ServiceException(
                ErrorKind.STORAGE_FULL,
                "the leader's disk has " + space.freeBytes() + " bytes free, less than the " + space.reserveBytes()
                        + " that are kept for deletes (disk.reserve.bytes); nothing was applied",
                Map.of(
                        "limit",
                        "diskReserveBytes",
                        "max",
                        Long.toString(space.reserveBytes()),
                        "actual",
                        Long.toString(space.freeBytes()),
                        "retry_after_ms",
                        STORAGE_RETRY_AFTER_MILLIS));
    }

    private static Map<String, String> limit(String limit, long max, long actual) {
        return Map.of("limit", limit, "max", Long.toString(max), "actual", Long.toString(actual));
    }

    /** A watch whose reader takes nothing is closed; it can go on from the commit named. */
    public static ServiceException tooSlow(CommitTs resume, long stallMillis) {
        return new ServiceException(
                ErrorKind.OVERLOADED,
                "the reader took nothing for " + stallMillis + " ms (watchStallMax); resume at commit_ts " + resume,
                Map.of("limit", "watchStallMax", "resume_ts", resume.toString(), "retry_after_ms", RETRY_AFTER_MILLIS));
    }

    /** A backup whose reader takes nothing is ended. */
    public static ServiceException tooSlow(long stallMillis) {
        return new ServiceException(
                ErrorKind.OVERLOADED,
                "the reader took nothing for " + stallMillis + " ms (watchStallMax); the backup is incomplete",
                Map.of("limit", "watchStallMax", "retry_after_ms", RETRY_AFTER_MILLIS));
    }

    public static ServiceException notReady(String reason) {
        return new ServiceException(
                ErrorKind.NOT_READY,
                reason + "; nothing was applied, try again",
                Map.of("retry_after_ms", RETRY_AFTER_MILLIS));
    }

    /** A change of members that was not finished, and may go on; asked for again it goes on from what there is. */
    public static ServiceException unfinished(String reason) {
        return new ServiceException(
                ErrorKind.NOT_READY,
                reason + "; the change may go on, ask for it again",
                Map.of("retry_after_ms", RETRY_AFTER_MILLIS));
    }

    public static ServiceException outcomeUnknown(String reason) {
        return new ServiceException(
                ErrorKind.OUTCOME_UNKNOWN, reason + "; ask for the transaction id to learn the outcome", Map.of());
    }

    /** The same whether there is no token, or no such one, or its secret is another. */
    public static ServiceException unauthenticated() {
        return new ServiceException(
                ErrorKind.UNAUTHENTICATED,
                "this cluster asks for a token: authorization: Bearer sh1.NAME.SECRET; the one shown, if any, is not known",
                Map.of());
    }

    /** The same whether the namespace exists or not. */
    public static ServiceException denied(Role role, @Nullable String namespace) {
        String where = namespace == null ? "any namespace" : namespace;
        return new ServiceException(
                ErrorKind.PERMISSION_DENIED,
                "the token does not grant " + role.name().toLowerCase(Locale.ROOT) + " in " + where,
                Map.of("role", role.name().toLowerCase(Locale.ROOT), "namespace", where));
    }

    /** Nothing is administered that cannot be written down first. */
    public static ServiceException unaudited(UncheckedIOException failure) {
        return new ServiceException(
                ErrorKind.STORAGE_ERROR,
                "the audit cannot be written on this node, so nothing was done; repair its disk, or ask another node",
                Map.of(),
                failure);
    }

    static ServiceException notFound(TxnId id) {
        return new ServiceException(
                ErrorKind.TXN_NOT_FOUND, "transaction not found: " + id.value(), Map.of("txn_id", id.value()));
    }

    static ServiceException expired(TxnId id) {
        return new ServiceException(
                ErrorKind.TXN_EXPIRED,
                "transaction expired, nothing was applied: " + id.value(),
                Map.of("txn_id", id.value()));
    }

    static ServiceException alreadyCommitted(TxnId id, CommitTs at) {
        return new ServiceException(
                ErrorKind.TXN_ALREADY_COMMITTED,
                "transaction already committed at commit_ts " + at + ": " + id.value(),
                Map.of("txn_id", id.value(), "commit_ts", at.toString()));
    }

    static ServiceException committing(TxnId id) {
        return new ServiceException(
                ErrorKind.TXN_ALREADY_COMMITTED,
                "transaction is being committed: " + id.value(),
                Map.of("txn_id", id.value()));
    }

    static ServiceException aborted(TxnId id) {
        return new ServiceException(
                ErrorKind.TXN_ABORTED,
                "transaction was aborted, nothing was applied: " + id.value(),
                Map.of("txn_id", id.value()));
    }

    static ServiceException lost(TxnId id, String home) {
        return new ServiceException(
                ErrorKind.TXN_LOST,
                "transaction was staged on node " + home + ", which cannot be reached; nothing was applied: "
                        + id.value(),
                Map.of("txn_id", id.value(), "home", home));
    }

    static ServiceException future(CommitTs asked, CommitTs latest) {
        return new ServiceException(
                ErrorKind.FUTURE_POINT,
                "commit_ts " + asked + " has not happened; the latest is " + latest,
                Map.of("latest_commit_ts", latest.toString()));
    }

    private static ServiceException of(CompactedException failure) {
        return new ServiceException(
                ErrorKind.COMPACTED,
                "namespace " + failure.namespace() + " keeps its past since commit_ts " + failure.oldest()
                        + "; what was asked for lies below",
                Map.of(
                        "namespace",
                        failure.namespace(),
                        "oldest_commit_ts",
                        failure.oldest().toString()));
    }

    /** What somebody else's refusal says to a caller who may not know what it was about. */
    static ServiceException withoutContents(TxnId id, ErrorKind kind) {
        return new ServiceException(
                kind,
                "transaction was refused, nothing was applied; the token does not grant to know more: " + id.value(),
                Map.of("txn_id", id.value()));
    }

    static IllegalArgumentException notForCallers(Reply reply) {
        return new IllegalArgumentException("no caller asked for this reply: " + reply);
    }

    static ServiceException noVersion(Key key, long version, CommitTs at) {
        return new ServiceException(
                ErrorKind.VERSION_NOT_FOUND,
                "key " + key.name() + " has no version " + version + " at commit_ts " + at,
                Map.of("key", key.name(), "version", Long.toString(version)));
    }

    /** The same of a transaction: a lease that is lost is told from any other conflict. */
    static ServiceException of(CommitTransaction transaction, Reply reply) {
        return reply instanceof Reply.Conflict conflict && LeaseKeys.isFence(transaction, conflict.condition())
                ? fenced(conflict)
                : of(transaction.txnId(), reply);
    }

    private static ServiceException fenced(Reply.Conflict conflict) {
        String resource = LeaseKeys.resourceOf(conflict.key());
        return new ServiceException(
                ErrorKind.FENCED,
                "the lease on " + resource
                        + " is not the caller's any more: another has taken it, or its time is over; nothing was applied",
                Map.of("resource", resource));
    }

    /** What a reply other than a commit says to its caller. */
    static ServiceException of(TxnId id, Reply reply) {
        return switch (reply) {
            case Reply.Committed committed -> alreadyCommitted(id, committed.commitTs());
            case Reply.Conflict conflict -> conflict(conflict);
            case Reply.NotApplicable edit -> notApplicable(edit);
            case Reply.Done done -> throw notForCallers(done);
            // A policy was set under the id, so it cannot be a transaction's.
            case Reply.RetentionSet set -> reused(id);
            case Reply.TokensChanged changed -> reused(id);
            case Reply.Aborted aborted -> aborted(id);
            case Reply.LimitExceeded limit -> exceeded(limit);
            case Reply.Invalid invalid -> invalid(invalid.field(), invalid.reason());
            case Reply.IdReused reused -> reused(id);
            case Reply.IdExpired expired ->
                new ServiceException(
                        ErrorKind.TXN_ID_EXPIRED,
                        "transaction id was made at " + expired.madeAtMillis() + " ms, ids are remembered since "
                                + expired.oldestAcceptedMillis() + " ms; nothing was applied: " + id.value(),
                        Map.of("txn_id", id.value()));
        };
    }

    private static ServiceException exceeded(Reply.LimitExceeded exceeded) {
        if (exceeded.limit().equals(Limits.ENTRY_EDIT_WORK)) {
            return overloaded(exceeded.limit(), exceeded.max(), exceeded.actual());
        }
        boolean isQuota =
                exceeded.limit().equals(Limits.BYTES_QUOTA) || exceeded.limit().equals(Limits.AGENTS_QUOTA);
        return isQuota
                ? new ServiceException(
                        ErrorKind.QUOTA_EXCEEDED,
                        "a namespace would have " + exceeded.actual() + " of the " + exceeded.max() + " that its quota "
                                + exceeded.limit() + " allows; delete, or have it raised",
                        limit(exceeded.limit(), exceeded.max(), exceeded.actual()))
                : limitExceeded(exceeded.limit(), exceeded.max(), exceeded.actual());
    }

    /** More operations in a second than a namespace may have. */
    static ServiceException tooMany(String namespace, long max, long retryAfterMillis) {
        return new ServiceException(
                ErrorKind.OVERLOADED,
                "namespace " + namespace + " may have " + max
                        + " operations in a second (quotaOperationsPerSecond); nothing was applied",
                Map.of(
                        "limit",
                        "quotaOperationsPerSecond",
                        "max",
                        Long.toString(max),
                        "retry_after_ms",
                        Long.toString(retryAfterMillis)));
    }

    static ServiceException reused(TxnId id) {
        return new ServiceException(
                ErrorKind.TXN_ID_REUSED,
                "transaction id was used before for other contents: " + id.value(),
                Map.of("txn_id", id.value()));
    }

    private static ServiceException notApplicable(Reply.NotApplicable edit) {
        return new ServiceException(
                ErrorKind.NOT_APPLICABLE,
                "operation " + edit.operation() + " does not fit what key "
                        + edit.key().name() + " holds: " + edit.reason() + "; nothing was applied",
                Map.of(
                        "key", edit.key().name(),
                        "agent_id", edit.key().agent().id(),
                        "namespace", edit.key().agent().namespace(),
                        "operation", Integer.toString(edit.operation())));
    }

    private static ServiceException conflict(Reply.Conflict conflict) {
        return new ServiceException(
                ErrorKind.CONFLICT,
                "condition " + conflict.condition() + " on key "
                        + conflict.key().name() + " does not hold; its current version is " + conflict.currentVersion(),
                Map.of(
                        "key",
                        conflict.key().name(),
                        "agent_id",
                        conflict.key().agent().id(),
                        NAMESPACE,
                        conflict.key().agent().namespace(),
                        "condition",
                        Integer.toString(conflict.condition()),
                        "current_version",
                        Long.toString(conflict.currentVersion()),
                        "current_commit_ts",
                        conflict.currentCommitTs().toString()));
    }

    /** What any failure of a future says to its caller. */
    public static ServiceException of(Throwable failure) {
        return switch (unwrap(failure)) {
            case ServiceException service -> service;
            case LogException log -> of(log);
            case CompactedException compacted -> of(compacted);
            case StoreFailedException failed ->
                new ServiceException(ErrorKind.STORAGE_ERROR, "storage failed on this node", Map.of(), failed);
            case CancellationException cancelled -> notReady("the call was cancelled while it waited");
            case Throwable other ->
                new ServiceException(ErrorKind.INTERNAL_ERROR, "internal error on this node", Map.of(), other);
        };
    }

    private static ServiceException of(LogException failure) {
        return switch (failure) {
            case LogException.NotLeader notLeader -> notLeader(notLeader);
            case LogException.QueueFull full -> overloaded("queueBytesMax", full.bytesMax(), full.bytes());
            case LogException.Unavailable unavailable -> notReady(String.valueOf(unavailable.getMessage()));
            case LogException.ChangeRefused refused ->
                new ServiceException(
                        ErrorKind.CHANGE_REFUSED,
                        String.valueOf(refused.getMessage()),
                        Map.of("reason", refused.reason().name()));
            case LogException.TooNew tooNew -> invalid("feature_level", String.valueOf(tooNew.getMessage()));
            case LogException.NoFiles none -> invalid("use.memory", String.valueOf(none.getMessage()));
            case LogException.OutcomeUnknown unknown -> outcomeUnknown(String.valueOf(unknown.getMessage()));
        };
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? unwrap(cause) : failure;
    }

    private static ServiceException notLeader(LogException.NotLeader failure) {
        Member leader = failure.leader();
        if (leader == null) {
            return notReady("no leader is known");
        }
        return new ServiceException(
                ErrorKind.NOT_LEADER,
                "this node does not lead; the leader is " + leader.id() + " at " + leader.apiAddress()
                        + "; nothing was applied",
                Map.of(
                        "leader_id", leader.id(),
                        "leader_address", leader.apiAddress(),
                        "retry_after_ms", RETRY_AFTER_MILLIS));
    }
}
