package io.statehouse.statemachine.command;

import io.statehouse.statemachine.TxnId;

/** What the log may ask of the replicated state, most of it on behalf of a caller. */
public sealed interface Command
        permits CommitTransaction,
                ResolveTransaction,
                CheckDigest,
                ExpireDue,
                SetRetention,
                RetainDue,
                CreateToken,
                RevokeToken,
                RaiseFeatureLevel,
                SetQuota {
    /** The caller's name for it; empty in a command that no caller asked for. */
    TxnId txnId();
}
