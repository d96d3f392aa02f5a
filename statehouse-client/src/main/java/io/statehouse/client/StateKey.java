package io.statehouse.client;

import java.util.Locale;

/**
 * Where a value lives: the key of an agent in a namespace.
 *
 * @param namespace the namespace; "" = the one of the client that uses this key
 * @param agentId the agent, any text of 1 to 1024 bytes of UTF-8 (the server's default limit)
 * @param key the key, any text of 1 to 1024 bytes of UTF-8 (the server's default limit)
 */
public record StateKey(String namespace, String agentId, String key) {
    /** A key in the namespace of the client that uses it. */
    public static StateKey of(String agentId, String key) {
        return new StateKey("", agentId, key);
    }

    /** The key of an item of the list that this key is; the first item is number 1. */
    public StateKey item(long number) {
        return new StateKey(namespace, agentId, key + String.format(Locale.ROOT, "/%019d", number));
    }

    /** The same key with an empty namespace replaced. */
    StateKey in(String clientNamespace) {
        return namespace.isEmpty() ? new StateKey(clientNamespace, agentId, key) : this;
    }
}
