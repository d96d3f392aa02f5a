package io.statehouse.node.service;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import java.io.IOException;
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
        public void require(Caller caller, Role role, @Nullable String namespace, About about) {}
    };

    /**
     * A call that arrives.
     *
     * @param rpc the full name of its method
     * @param authorization the header of that name; null = there is none
     * @param peer where it comes from
     * @param trace what it is called in the logs
     */
    record Arrival(String rpc, @Nullable String authorization, String peer, Trace trace) {
        /** Without the header, which is a secret. */
        @Override
        public String toString() {
            return rpc + " from " + peer;
        }
    }

    /**
     * What a request is about, as far as it is written down when it is denied.
     *
     * @param txnId the id it came under; null = none
     * @param key what it would have changed or read; null = none, or not one alone
     */
    record About(@Nullable TxnId txnId, @Nullable Key key) {
        /** Not known yet. */
        public static final About NOTHING = new About(null, null);
    }

    /** Returns who calls, or throws a {@link ServiceException} that says what is missing. */
    Authority admit(Arrival arrival);

    /**
     * Whether a caller has a role in a namespace.
     *
     * @param namespace {@code *} = in all of them; null = in some, and what it then sees is looked at by itself
     */
    boolean permits(Caller caller, Role role, @Nullable String namespace);

    /** The data directory is this node's: what is written down may be kept there. Before this nobody is admitted to anything. */
    default void start() throws IOException {}

    /** Writes down what was held back of what was denied; a timer calls it. */
    default void flush() {}

    /** Nothing more is written down on the disk. */
    default void stop() {}

    /** Returns when it is so, or throws a {@link ServiceException} that says what is missing. */
    default void require(Caller caller, Role role, @Nullable String namespace) {
        require(caller, role, namespace, About.NOTHING);
    }

    /** The same of a request that is known by then. */
    void require(Caller caller, Role role, @Nullable String namespace, About about);

    /**
     * Writes down under which id something is administered, before it is done; throws a {@link ServiceException} when that
     * cannot be.
     */
    default void administered(Caller caller, TxnId id) {}
}
