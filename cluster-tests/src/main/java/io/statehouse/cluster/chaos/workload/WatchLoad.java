package io.statehouse.cluster.chaos.workload;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.HistoryLine.WatchEnded;
import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import io.statehouse.cluster.check.history.HistoryLine.WatchProgressed;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.WatchScope;
import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * W8: watchers follow what the other workloads commit, leave whenever they like or have to, and go on at another node from where
 * they were. Together their streams have every commit once. One of them watches through the Java client.
 */
public final class WatchLoad implements Workload {
    private static final Duration STAY_MIN = Duration.ofMillis(500);
    private static final Duration STAY_MAX = Duration.ofSeconds(3);
    private static final Duration FINISH_MAX = Duration.ofSeconds(30);
    private static final int PROGRESS_MILLIS = 300;
    private static final String NONE = "";
    private static final Label REGISTER_LABEL = Label.newBuilder()
            .setName(Words.LOAD_LABEL)
            .setValue(Load.REGISTER.name())
            .build();

    private static final WatchScope ALL = new WatchScope(Agent.DEFAULT_NAMESPACE, NONE, NONE);
    private static final WatchScope REGISTERS = new WatchScope(Agent.DEFAULT_NAMESPACE, "register", NONE);
    private static final WatchScope ELEMENTS = new WatchScope(Agent.DEFAULT_NAMESPACE, NONE, "element-");

    /** What a watcher asks for; by label, all agents are watched and the label does what the agent's name would. */
    private record Wish(WatchScope scope, boolean isByLabel) {}

    private static final List<Wish> WISHES = List.of(
            new Wish(ALL, false), new Wish(REGISTERS, false), new Wish(ELEMENTS, false), new Wish(REGISTERS, true));

    private final AtomicInteger hired = new AtomicInteger();

    @Override
    public Load load() {
        return Load.WATCH;
    }

    @Override
    public List<String> checkers() {
        return List.of("watch");
    }

    @Override
    public int processes() {
        return WISHES.size() + 1;
    }

    @Override
    public Actor hire(Desk desk) {
        int turn = hired.getAndIncrement() % processes();
        return turn < WISHES.size()
                ? new Watcher(desk, WISHES.get(turn))
                : new ClientWatcher(desk, ALL, Traffic.CALL_MAX);
    }

    private static final class Watcher implements Actor {
        private final Desk desk;
        private final WatchScope scope;
        private final EventFilter filter;
        private final String agent;
        private final List<ManagedChannel> channels;

        /** Everything up to here was delivered or does not match. */
        private long seen;

        Watcher(Desk desk, Wish wish) {
            this.desk = desk;
            this.scope = wish.scope();
            this.agent = wish.isByLabel() ? NONE : scope.agent();
            this.filter = wish.isByLabel()
                    ? EventFilter.newBuilder().addLabels(REGISTER_LABEL).build()
                    : EventFilter.newBuilder().setKeyPrefix(scope.keyPrefix()).build();
            this.channels = desk.addresses().stream()
                    .map(address -> Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                            .build())
                    .toList();
        }

        @Override
        public void act() {
            long stay = desk.random().nextLong(STAY_MIN.toMillis(), STAY_MAX.toMillis());
            var unused = watch(Duration.ofMillis(stay), null);
        }

        @Override
        public void finish(CommitTs last) {
            long deadline = System.nanoTime() + FINISH_MAX.toNanos();
            boolean isThere = seen >= last.value();
            while (!isThere && System.nanoTime() < deadline) {
                isThere = watch(FINISH_MAX, last);
            }
            if (!isThere) {
                // A stream that says nothing and claims everything: whatever is missing shows as a gap.
                long stream = open("nobody");
                write(new WatchEnded(stream, now(), "not there in time", last));
            }
            channels.forEach(ManagedChannel::shutdownNow);
        }

        /** Follows one stream for a time, or until it has come so far; answers whether it has. */
        private boolean watch(Duration time, @Nullable CommitTs until) {
            int node = desk.random().nextInt(channels.size());
            long stream = open(desk.addresses().get(node));
            String reason = "left";
            try {
                Iterator<WatchResponse> messages = WatchServiceGrpc.newBlockingStub(channels.get(node))
                        .withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS)
                        .watch(request());
                while (messages.hasNext() && (until == null || seen < until.value())) {
                    follow(stream, messages.next());
                }
            } catch (StatusRuntimeException e) {
                reason = String.valueOf(e.getMessage());
            }
            if (until == null || seen < until.value()) {
                write(new WatchEnded(stream, now(), reason, CommitTs.ZERO));
                return false;
            }
            write(new WatchEnded(stream, now(), reason, until));
            return true;
        }

        private long open(String node) {
            long stream = desk.recorder().history().nextId();
            var start = new CommitTs(seen + 1);
            write(new WatchOpened(stream, "watcher-" + desk.process(), node, now(), scope, start));
            return stream;
        }

        private void follow(long stream, WatchResponse message) {
            switch (message.getWhatCase()) {
                case EVENT -> {
                    var commit = Words.commit(message.getEvent());
                    write(new WatchDelivered(stream, now(), commit));
                    seen = Math.max(seen, commit.commitTs().value());
                }
                case PROGRESS_TS -> {
                    write(new WatchProgressed(stream, now(), new CommitTs(message.getProgressTs())));
                    seen = Math.max(seen, message.getProgressTs());
                }
                case WHAT_NOT_SET -> throw new IllegalStateException("a watch said nothing");
            }
        }

        private WatchRequest request() {
            return WatchRequest.newBuilder()
                    .setNamespace(scope.namespace())
                    .setAgentId(agent)
                    .setStartTs(seen + 1)
                    .setFormat(ValueFormat.VALUE_FORMAT_JSON)
                    .setProgressIntervalMs(PROGRESS_MILLIS)
                    .setFilter(filter)
                    .build();
        }

        private void write(io.statehouse.cluster.check.history.HistoryLine line) {
            desk.recorder().history().write(line);
        }

        private long now() {
            return desk.recorder().history().nanos();
        }
    }
}
