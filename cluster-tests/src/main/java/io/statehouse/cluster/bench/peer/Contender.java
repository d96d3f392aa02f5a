package io.statehouse.cluster.bench.peer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The systems that can be compared. */
public enum Contender {
    /** Three nodes. */
    STATEHOUSE("three nodes"),
    /** Three nodes. */
    ETCD("three nodes"),
    /** One node that syncs its append-only file before each answer. */
    REDIS("one node, appendfsync always"),
    /** One node. */
    POSTGRES("one node, synchronous_commit on");

    private final String shape;

    Contender(String shape) {
        this.shape = shape;
    }

    /** How many nodes it has, and how it keeps what it acknowledges. */
    public String shape() {
        return shape;
    }

    /** What must be installed. */
    public List<Program> programs() {
        return switch (this) {
            case STATEHOUSE -> List.of();
            case ETCD -> List.of(new Program("etcd", "etcd-server"));
            case REDIS -> List.of(new Program("redis-server", "redis-server"));
            case POSTGRES ->
                List.of(
                        new Program("initdb", "postgresql"),
                        new Program("postgres", "postgresql"),
                        new Program("psql", "postgresql-client"),
                        new Program("pgbench", "postgresql-contrib"));
        };
    }

    /** Its name on a command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The system of a word. */
    public static Contender of(String word) {
        return Arrays.stream(values())
                .filter(contender -> contender.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown system " + word + "; there are "
                        + Arrays.stream(values()).map(Contender::word).collect(Collectors.joining(", "))));
    }

    /** Starts it on fresh directories and waits until it serves. */
    public Peer start(Site site) {
        return switch (this) {
            case STATEHOUSE -> StatehousePeer.start(site);
            case ETCD -> EtcdPeer.start(site);
            case REDIS -> RedisPeer.start(site);
            case POSTGRES -> PostgresPeer.start(site);
        };
    }
}
