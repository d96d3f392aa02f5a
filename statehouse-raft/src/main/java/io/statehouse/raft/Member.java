package io.statehouse.raft;

/**
 * A member of the cluster.
 *
 * @param raftAddress host:port where members talk to each other
 * @param apiAddress host:port of its gRPC API, for forwarding and for hints to clients
 */
public record Member(String id, String raftAddress, String apiAddress) {}
