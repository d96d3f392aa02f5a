package io.statehouse.cluster.check.history;

/** Who answered, and in which term as far as the caller was told; an empty node and term 0 where unknown. */
public record Endpoint(String node, long term) {
    public static final Endpoint UNKNOWN = new Endpoint("", 0);
}
