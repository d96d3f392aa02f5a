package io.statehouse.raft.disk;

/** What an operator can do about a disk that may not vote. */
final class Repair {
    static final String REPLACE =
            "Nothing was changed. Keep this directory, start the node with an empty one and --join, and"
                    + " let it in: statehousectl cluster replace NODE. A cluster of one member is restored from a backup.";

    private Repair() {}
}
