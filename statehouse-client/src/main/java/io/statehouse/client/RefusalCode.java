package io.statehouse.client;

/** Why the server refused a call. */
public enum RefusalCode {
    /** The request breaks a rule, such as an empty id; the detail {@code field} names it. */
    INVALID_REQUEST,
    /** A condition did not hold; details: {@code key}, {@code current_version}, {@code current_commit_ts}. */
    CONFLICT,
    /** An edit did not fit the value that it found, such as a failed test of a patch; details: {@code key}, {@code operation}. */
    NOT_APPLICABLE,
    /** A rule of the agent layer was broken, such as that a goal belongs to its session; the message names it. */
    RULE_BROKEN,
    /** The lease is no longer the caller's; detail: {@code resource}. */
    FENCED,
    /** A limit was passed; details: {@code limit}, {@code max}, {@code actual}. */
    LIMIT_EXCEEDED,
    /** No transaction of that id is known. */
    TRANSACTION_NOT_FOUND,
    /** The transaction timed out, or its id was made longer ago than the server keeps ids (24 hours by default). */
    TRANSACTION_EXPIRED,
    /** The transaction is committed already. */
    TRANSACTION_ALREADY_COMMITTED,
    /** The transaction was staged on a node that is gone; nothing was applied. */
    TRANSACTION_LOST,
    /** The id was used before for other contents. */
    TRANSACTION_ID_REUSED,
    /** The id was aborted; nothing was or will be applied under it. */
    TRANSACTION_ABORTED,
    /** The key was asked for and never written. */
    KEY_NOT_FOUND,
    /** The version was asked for and does not exist. */
    VERSION_NOT_FOUND,
    /** The asked point lies below what the server keeps; detail: {@code oldest_commit_ts}. */
    COMPACTED,
    /** The asked point has not happened yet; detail: {@code latest_commit_ts}. */
    FUTURE_POINT,
    /** The members cannot be changed as asked: it would be unsafe, or there is no such node. */
    CHANGE_REFUSED,
    /** The namespace may not take more; details: {@code limit} (the quota), {@code max}, {@code actual}. */
    QUOTA_EXCEEDED,
    /** The cluster's disks are full. */
    STORAGE_FULL,
    /** The caller is not known to the server. */
    UNAUTHENTICATED,
    /** The caller may not do this. */
    PERMISSION_DENIED,
    /** The server does not have this call: it is older than the client. */
    UNSUPPORTED,
    /** Refused for a reason this client does not know; the message says more. */
    OTHER
}
