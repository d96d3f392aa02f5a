package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.Caller;

/** Three nodes whose leader can be killed. Closing them ends their processes. */
public interface Voters extends AutoCloseable {
    /** How long one try at one node may take, the same for every system. */
    long TRY_MILLIS_MAX = 1_000;

    /** A caller that writes, and that looks for another node when one does not answer. */
    Caller writer(int number);

    /** Ends the process that leads, as a crash would. */
    void killLeader();

    /** Starts what was killed, and waits until all three serve. */
    void bringBack();

    @Override
    void close();

    /**
     * Starts those of a system.
     *
     * @param electionMillis the shortest wait for a leader before an election, the longest being twice that; 0 = what the
     *     system does by itself
     */
    static Voters start(Contender contender, Site site, int electionMillis) {
        return switch (contender) {
            case STATEHOUSE -> new StatehouseVoters(site, electionMillis);
            case ETCD -> new EtcdVoters(site, electionMillis);
            case REDIS, POSTGRES -> throw new IllegalArgumentException(contender.word() + " runs as one node here");
        };
    }
}
