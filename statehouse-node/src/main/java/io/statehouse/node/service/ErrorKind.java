package io.statehouse.node.service;

/** Why a call was not done, in the terms every transport translates. */
public enum ErrorKind {
    /** The request is malformed or breaks a rule. */
    INVALID_REQUEST,
    /** A bound on a single request was passed. */
    LIMIT_EXCEEDED,
    /** The node has as much under way as it may have; later it may have less. */
    OVERLOADED,
    TXN_NOT_FOUND,
    TXN_EXPIRED,
    TXN_ALREADY_COMMITTED,
    TXN_ABORTED,
    TXN_ID_REUSED,
    /** The id was made longer ago than ids are remembered. */
    TXN_ID_EXPIRED,
    /** The staged transaction's home node is gone; nothing was and nothing will be applied. */
    TXN_LOST,
    CONFLICT,
    /** An edit did not fit the value that it found. */
    NOT_APPLICABLE,
    /** There is no such thing. */
    NOT_FOUND,
    /** A rule of the agent layer. */
    RULE_BROKEN,
    /** The lease is no longer the caller's. */
    FENCED,
    /** The key has no such version. */
    VERSION_NOT_FOUND,
    /** The asked point lies below what is kept. */
    COMPACTED,
    /** The asked point has not happened. */
    FUTURE_POINT,
    /** The members cannot be changed as asked. */
    CHANGE_REFUSED,
    /** No token, or one that is not known. */
    UNAUTHENTICATED,
    /** The token does not grant this. */
    PERMISSION_DENIED,
    NOT_LEADER,
    /** No leader, or not caught up; nothing was applied. A change of members may go on all the same, as its text says. */
    NOT_READY,
    /** The call was sent and its effect is not known. */
    OUTCOME_UNKNOWN,
    STORAGE_ERROR,
    STORAGE_FULL,
    /** The namespace may not take more of what all share. */
    QUOTA_EXCEEDED,
    INTERNAL_ERROR
}
