package io.statehouse.client;

/**
 * A node that was started with an empty disk and {@code --join}, and waits to be let in.
 *
 * @param raftAddress {@code host:port} where members talk to each other
 * @param apiAddress {@code host:port} of its API, for hints to clients
 */
public record NewMember(String nodeId, String raftAddress, String apiAddress) {}
