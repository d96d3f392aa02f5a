package io.statehouse.raft;

/** What an empty data directory may become. One that has been used stays what it is. */
public enum FirstStart {
    /** Nothing: a disk that is empty without leave is lost or not mounted. */
    REFUSED,
    /** A founding member of a new cluster. */
    FOUND,
    /** A new peer of a running cluster; it copies the others as soon as an operator lets it in. */
    JOIN
}
