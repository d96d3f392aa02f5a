package io.statehouse.node.service;

import io.statehouse.statemachine.Role;
import org.jspecify.annotations.Nullable;

/** Decides who a caller is and whether it may do something; every call asks it first. */
public interface AccessPolicy {
    /** Everybody may do everything. */
    AccessPolicy OPEN = new AccessPolicy() {
        @Override
        public Authority admit(Arrival arrival) {
            return new Authority("", "", "", arrival);
        }

        @Override
        public boolean permits(Caller caller, Role role, @Nullable String namespace) {
            return true;
        }

        @Override
        public void require(Caller caller, Role role, @Nullable String namespace) {}
    };

    /**
     * A call that arrives.
     *
     * @param rpc the full name of its method
     * @param authorization the header of that name; null = there is none
     * @param peer where it comes from
     */
    record Arrival(String rpc, @Nullable String authorization, String peer) {
        /** Without the header, which is a secret. */
        @Override
        public String toString() {
            return rpc + " from " + peer;
        }
    }

    /** Returns who calls, or throws a {@link ServiceException} that says what is missing. */
    Authority admit(Arrival arrival);

    /**
     * Whether a caller has a role in a namespace.
     *
     * @param namespace {@code *} = in all of them; null = in some, and what it then sees is looked at by itself
     */
    boolean permits(Caller caller, Role role, @Nullable String namespace);

    /** Returns when it is so, or throws a {@link ServiceException} that says what is missing. */
    void require(Caller caller, Role role, @Nullable String namespace);
}
