package io.statehouse.node.contract;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of the contract have in common: a node, another one, and a client with a namespace to itself.
 *
 * <p>Extend a test and say where the service is. It needs the service for itself while it runs, and leaves data only in
 * namespaces of its own.
 */
abstract class V1Session {
    /** The name in which nobody else is interested. */
    protected static final String ADA = "ada";

    protected static final String KEY = "task/1";

    protected final String namespace = "v1-" + UUID.randomUUID();
    protected V1Client client;

    /** HOST:PORT of the node under test. */
    protected abstract String address();

    /** Another node of the same cluster, or the same one where there is no other. */
    protected String otherAddress() {
        return address();
    }

    @BeforeEach
    void connect() {
        client = new V1Client(address(), namespace);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }
}
