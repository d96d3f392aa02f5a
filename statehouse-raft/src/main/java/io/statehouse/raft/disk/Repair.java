package io.statehouse.raft.disk;

/** What an operator can do about a disk that may not vote. */
final class Repair {
    static final String REPLACE =
            "Nothing was changed. Keep this directory, and replace the member by an empty one that"
                    + " copies the others: statehousectl cluster replace. A cluster of one member is restored from a backup.";

    private Repair() {}
}
