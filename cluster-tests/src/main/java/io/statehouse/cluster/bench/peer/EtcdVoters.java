package io.statehouse.cluster.bench.peer;

import io.grpc.CallOptions;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.wire.BytesCall;
import io.statehouse.cluster.bench.wire.EtcdWire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An etcd whose leader can be killed; its writers begin at different members. */
final class EtcdVoters implements Voters {
    private static final int HEARTBEATS_PER_ELECTION = 10;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    private final EtcdCluster cluster;
    private int killed;

    EtcdVoters(Site site, int electionMillis) {
        this.cluster = EtcdCluster.start(
                site.directory(),
                electionMillis == 0
                        ? List.of()
                        : List.of(
                                "--election-timeout=" + electionMillis,
                                "--heartbeat-interval=" + electionMillis / HEARTBEATS_PER_ELECTION));
    }

    @Override
    public Caller writer(int number) {
        return new Writer(number);
    }

    @Override
    public void killLeader() {
        killed = cluster.awaitLeader();
        cluster.process(killed).kill();
    }

    @Override
    public void bringBack() {
        cluster.process(killed).start();
        cluster.awaitReady();
    }

    @Override
    public void close() {
        cluster.close();
    }

    private final class Writer implements Caller {
        private final String key;
        private final byte[] value = Things.valueBytes().getFirst();
        private int member;

        Writer(int number) {
            this.key = "/writer/" + number;
            this.member = number;
        }

        @Override
        public long call() {
            var options = CallOptions.DEFAULT.withDeadlineAfter(TRY_MILLIS_MAX, TimeUnit.MILLISECONDS);
            boolean isDone = false;
            try {
                byte[] unused = BytesCall.unary(
                                cluster.to(member), BytesCall.ETCD_PUT, options, EtcdWire.put(key, value))
                        .join();
                isDone = true;
                return 1;
            } finally {
                if (!isDone) {
                    member++;
                    Await.pause(BETWEEN_TRIES);
                }
            }
        }
    }
}
