package io.statehouse.cluster.bench.peer;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.FanOut;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.wire.BytesCall;
import io.statehouse.cluster.bench.wire.EtcdWire;
import io.statehouse.cluster.fault.Shell;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** etcd, asked at its leader, which spares it the forwarding of half of the requests. */
final class EtcdPeer implements Peer {
    private static final long CALL_SECONDS_MAX = 30;
    private static final String HISTORY = "/" + Things.HISTORIAN + "/";

    private final EtcdCluster cluster;
    private final List<byte[]> values = Things.valueBytes();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicLong historyRevision = new AtomicLong();

    private EtcdPeer(EtcdCluster cluster) {
        this.cluster = cluster;
    }

    static EtcdPeer start(Site site) {
        return new EtcdPeer(EtcdCluster.start(site.directory(), List.of()));
    }

    @Override
    public String version() {
        String program = Contender.ETCD.programs().getFirst().require().toString();
        return Shell.run(program, "--version")
                .lines()
                .findFirst()
                .orElse("etcd")
                .replace("Version: ", "");
    }

    @Override
    public void fill() {
        Channel leader = leader();
        historyRevision.set(EtcdWire.revision(put(leader, HISTORY + Things.historyKey(0), 0)));
        Things.forEach(Things.EVENTS - 1, i -> put(leader, HISTORY + Things.historyKey(i + 1), i + 1));
        Things.forEach(
                Things.AGENTS * Things.KEYS_PER_AGENT,
                i -> put(leader, key(i / Things.KEYS_PER_AGENT, i % Things.KEYS_PER_AGENT), i));
    }

    private byte[] put(Channel channel, String key, int value) {
        return call(channel, BytesCall.ETCD_PUT, EtcdWire.put(key, values.get(value % values.size())));
    }

    private static String key(int agent, int key) {
        return "/" + Things.agent(agent) + "/" + Things.key(key);
    }

    private static byte[] call(Channel channel, io.grpc.MethodDescriptor<byte[], byte[]> method, byte[] request) {
        var options = CallOptions.DEFAULT.withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
        return BytesCall.unary(channel, method, options, request).join();
    }

    private Channel leader() {
        return cluster.to(cluster.awaitLeader());
    }

    @Override
    public boolean can(Workload workload, int callers) {
        return true;
    }

    @Override
    public Sample measure(Workload workload, Drill drill) {
        Channel leader = leader();
        int run = runs.incrementAndGet();
        if (workload == Workload.WATCH) {
            var watched = new EtcdWatched(leader, "/watched/" + run + "/", key -> {
                byte[] unused = put(leader, key, 0);
            });
            return FanOut.run(drill, watched);
        }
        return ClosedLoop.run(drill, number -> caller(workload, leader, run, number));
    }

    private Caller caller(Workload workload, Channel leader, int run, int number) {
        var random = new SplittableRandom(((long) run << Integer.SIZE) | number);
        return switch (workload) {
            case HISTORY -> () -> replay(leader);
            case GET -> () -> get(leader, random);
            case COMMIT -> () -> commit(leader, random);
            case TRANSACTION -> new Pair(leader, "/pair/" + run + "/" + number + "/", random);
            case SESSION ->
                new EtcdAppender("/session/" + run + "/", random, request -> call(leader, BytesCall.ETCD_TXN, request));
            case WATCH -> throw new IllegalStateException("not asked of a caller of etcd");
        };
    }

    private long replay(Channel leader) throws Exception {
        var events = new AtomicInteger();
        CompletableFuture<Void> all = BytesCall.stream(
                leader,
                BytesCall.ETCD_WATCH,
                EtcdWire.watch(HISTORY, historyRevision.get()),
                answer -> events.addAndGet(EtcdWire.events(answer)) >= Things.EVENTS);
        all.get(CALL_SECONDS_MAX, TimeUnit.SECONDS);
        return events.get();
    }

    private static long get(Channel leader, SplittableRandom random) {
        String key = key(random.nextInt(Things.AGENTS), random.nextInt(Things.KEYS_PER_AGENT));
        return requireOne(EtcdWire.keys(call(leader, BytesCall.ETCD_RANGE, EtcdWire.get(key))));
    }

    private static int requireOne(int keys) {
        if (keys != 1) {
            throw new IllegalStateException("etcd answered " + keys + " keys where there is one");
        }
        return keys;
    }

    private long commit(Channel leader, SplittableRandom random) {
        String key = key(random.nextInt(Things.AGENTS), random.nextInt(Things.KEYS_PER_AGENT));
        byte[] unused = put(leader, key, Things.randomOf(random, values));
        return 1;
    }

    /** A caller with two keys of its own. */
    private final class Pair implements Caller {
        private final Channel leader;
        private final String prefix;
        private final SplittableRandom random;
        private int generation;
        private long revision;

        Pair(Channel leader, String prefix, SplittableRandom random) {
            this.leader = leader;
            this.prefix = prefix;
            this.random = random;
        }

        @Override
        public long call() {
            boolean isDone = false;
            try {
                byte[] value = values.get(Things.randomOf(random, values));
                String keys = prefix + generation;
                byte[] request = EtcdWire.putBothIfUnchanged(keys + "/a", revision, keys + "/b", value);
                byte[] answer = EtcdPeer.call(leader, BytesCall.ETCD_TXN, request);
                if (!EtcdWire.hasSucceeded(answer)) {
                    throw new IllegalStateException("etcd saw another revision than the caller, who is alone");
                }
                revision = EtcdWire.revision(answer);
                isDone = true;
                return 1;
            } finally {
                if (!isDone) {
                    // Whether it was applied is not known, so these keys are of no more use.
                    generation++;
                    revision = 0;
                }
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
