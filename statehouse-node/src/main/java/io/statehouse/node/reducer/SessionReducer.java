package io.statehouse.node.reducer;

import io.statehouse.statemachine.json.JsonNode;

/**
 * What the events of a session come to: a pure function of what those before came to and the next one.
 *
 * <p>Pure means: the same two give the same result on every node and on every day. A node keeps what it has folded under the name
 * and the version, so whoever changes what the function does changes the version.
 *
 * <p>Found by {@link java.util.ServiceLoader} in the jars of the directory that {@code agent.reducers.dir} names. It is called by
 * several threads at once. It sees the JDK, this package, {@code io.statehouse.statemachine.json} and its own jar.
 */
public interface SessionReducer {
    /** By which it is asked for: up to 64 letters, digits and {@code . _ -}, the first no sign. Asked once. */
    String name();

    /** Another whenever the function is another; written as the name is. Asked once. */
    String version();

    /** What a session without events comes to. */
    JsonNode initial();

    /**
     * What the events come to with one more.
     *
     * @param event an object with session_id, sequence_number, type, payload, timestamp and metadata
     */
    JsonNode apply(JsonNode state, JsonNode event);
}
