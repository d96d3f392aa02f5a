package io.statehouse.statemachine;

/** What a caller may do somewhere; each role may do what those before it may. */
public enum Role {
    /** Read state, history and what happens. */
    READER,
    /** Change state. */
    WRITER,
    /** Keep a store going: retention, proofs, backups, leadership. */
    OPERATOR,
    /** Say who may do what, and who belongs to the cluster. */
    ADMIN;

    /** Whether whoever has this role may do what asks for another one. */
    public boolean includes(Role asked) {
        return compareTo(asked) >= 0;
    }
}
