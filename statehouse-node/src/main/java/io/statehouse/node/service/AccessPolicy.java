package io.statehouse.node.service;

/** Decides whether a caller may do something; every call asks it first. */
@FunctionalInterface
public interface AccessPolicy {
    /** Everybody may do everything: the policy until callers can prove who they are. */
    AccessPolicy OPEN = (caller, action, namespace) -> {};

    /** What a caller wants to do. */
    enum Action {
        READ,
        WRITE,
        OPERATE
    }

    /**
     * Returns, or throws a {@link ServiceException} that says what is missing.
     *
     * @param namespace the namespace it is about; empty = all of them, or none
     */
    void require(Caller caller, Action action, String namespace);
}
