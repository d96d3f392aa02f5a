package io.statehouse.cluster.simulation;

/** A way to break the product as real systems were broken; the simulation must notice each. */
public enum Mutant {
    /** The product as it is. */
    NONE,
    /** Transaction ids that were used before are not recognised. */
    DEDUPLICATION_OFF,
    /** Kept replies do not survive a crash. */
    LEDGER_IN_MEMORY_ONLY,
    /** The log position reaches the disk in another write than the rows it speaks of. */
    POSITION_WRITTEN_APART,
    /** The tables reach the disk at different points, as without atomic_flush. */
    TABLES_FLUSHED_APART,
    /** A checkpoint holds what was flushed before, and claims what was applied by now. */
    SNAPSHOT_WITHOUT_FLUSH,
    /** Each replica stamps a batch with its own clock when it applies it. */
    CLOCK_IN_APPLY,
    /** Each replica takes a transaction's operations in an order of its own, as from a hash table. */
    ORDER_OF_A_HASH_TABLE,
    /** Now and then a write is acknowledged and forgotten. */
    LOST_WRITE,
    /** A replica whose disk refused a write goes on with the next entry. */
    ERROR_SWALLOWED,
    /** Each replica forgets transaction ids by a clock of its own. */
    RETENTION_OF_ITS_OWN,
    /** The log is purged up to what was applied, and not to what is durable. */
    PURGED_TOO_EARLY,
    /** An entry that this release does not know is passed over. */
    UNKNOWN_ENTRY_SKIPPED;

    static final int LOST_WRITE_PERIOD = 7;
}
