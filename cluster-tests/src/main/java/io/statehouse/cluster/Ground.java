package io.statehouse.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a cluster stands on: for each node, counted from 1, a host with free ports, a way to run a process there, a directory
 * for its data, and what others are told to reach it by. Each answer stays the same for as long as the cluster lives.
 */
public interface Ground {
    /** This machine as it is. */
    Ground PLAIN = new Ground() {};

    /** The address its processes listen on. */
    default String host(int node) {
        return "127.0.0.1";
    }

    /** What to put before a command so that it runs there. */
    default List<String> commandPrefix(int node) {
        return List.of();
    }

    /** What its process has in its environment beside the settings of all. */
    default Map<String, String> environment(int node) {
        return Map.of();
    }

    /**
     * Where its data lies.
     *
     * @param usual where it lies on plain ground
     */
    default Path dataDirectory(int node, Path usual) {
        return usual;
    }

    /**
     * Where clients and members are told to reach its API.
     *
     * @param api where it listens, {@code host:port}
     */
    default String reachedAt(int node, String api) {
        return api;
    }

    /** Hears where the members talk to each other, before any node starts: node i+1 listens at the i-th address. */
    default void raftAddresses(List<String> addresses) {}
}
