package io.statehouse.client;

/**
 * What a transaction had read before it decided; recorded with its event.
 *
 * @param key the key that was read
 * @param version the version that was seen; 0 = the key had never been written
 */
public record ReadRecord(StateKey key, long version) {}
