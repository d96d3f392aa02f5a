package io.statehouse.node.config;

/** The configuration says something a node cannot be; it must not start. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }
}
