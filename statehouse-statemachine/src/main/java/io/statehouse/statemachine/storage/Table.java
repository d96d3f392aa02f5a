package io.statehouse.statemachine.storage;

import java.util.Locale;

/**
 * The tables of a store, each with the shape of its key.
 *
 * <p>Texts are escaped and ended so that byte order is the order of their UTF-8 and no two tuples collide; numbers are
 * big-endian, {@code ~} marks one stored inverted so that the newest comes first.
 */
public enum Table {
    /**
     * {@code timeline · namespace · agent · key · ~commit_ts · ~version} → EntryRow with the value. Rows never change;
     * retention takes superseded ones away.
     */
    VERSIONS,
    /** {@code commit_ts} → JournalRow: the commit with all its values but those that retention has blanked. */
    JOURNAL,
    /** {@code timeline · namespace · agent · commit_ts} → nothing: the commits that touched an agent. */
    AGENT_EVENTS,
    /** {@code timeline · namespace · commit_ts} → nothing: the commits that touched a namespace. */
    NAMESPACE_EVENTS,
    /** {@code transaction id · ~commit_ts} → nothing: the commits made under an id, the newest first. */
    TRANSACTIONS,
    /** {@code timeline · namespace · agent · key · version · commit_ts} → nothing: the commits that had read a version. */
    READERS,
    /** {@code timeline · namespace · agent · key} → commit_ts of its first version. Written once. */
    KEYS,
    /** {@code timeline · namespace · agent · key} → HeadRow: which of its versions is the newest. Follows
     * the writes; those of late commits are in memory until then. */
    HEADS,
    /** {@code timeline · namespace · agent} → commit_ts of its first key. Written once. */
    AGENTS,
    /** {@code timeline · namespace} → commit_ts of its first agent. Written once. */
    NAMESPACES,
    /** {@code transaction id} → LedgerRow: the reply kept under the id until log time has passed it. */
    LEDGER,
    /** {@code refusal number} → log time · transaction id: the order in which replies that are no commits are forgotten. */
    REFUSALS,
    /** {@code wall time · timeline · namespace · agent · key} → nothing: when keys lose their values, the earliest first. */
    DEADLINES,
    /** {@code timeline · namespace} → RetentionRow: how much of its past a namespace keeps. */
    RETENTION,
    /** {@code name} → LoggedToken: who may show which secret, and for what. */
    TOKENS,
    /**
     * {@code "applied"} → AppliedRow: how far this store has come, written with every unit. {@code "quota " · timeline ·
     * namespace} → QuotaRow: what a namespace may take and takes.
     */
    META;

    /** The table's name on disk. */
    public String diskName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
