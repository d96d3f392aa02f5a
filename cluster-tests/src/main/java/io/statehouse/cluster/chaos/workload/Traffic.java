package io.statehouse.cluster.chaos.workload;

import io.statehouse.client.ClientOptions;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.check.history.HistoryWriter;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.statemachine.CommitTs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** All workloads of a run at work, each process in a thread of its own, until they are told to stop. */
public final class Traffic {
    /** The longest any call of the Java client may take. */
    public static final Duration CALL_MAX = Duration.ofSeconds(4);

    // So short that a failover outlasts it, and outcomes that are really unknown occur.
    private static final Duration HASTY = Duration.ofMillis(500);
    private static final Duration TRY = Duration.ofMillis(400);
    // Three nodes share two processors with their callers; more load would only measure that.
    private static final Duration BETWEEN_ACTS = Duration.ofMillis(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final List<Workload> workloads;
    private final Setting setting;
    private final List<Worker> workers = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean isStopping;

    private Traffic(List<Workload> workloads, Setting setting) {
        this.workloads = workloads;
        this.setting = setting;
    }

    /**
     * Where the traffic goes and who hears of it.
     *
     * @param nodes the ids of the nodes by the addresses they are reached at, in their order
     * @param random the chance of each process, by its number
     * @param isEachNodeAsked whether some clients know one node only
     */
    public record Setting(
            Map<String, String> nodes,
            HistoryWriter history,
            Tally tally,
            IntFunction<RandomGenerator> random,
            boolean isEachNodeAsked) {
        /** A client beside the processes, as patient as any. */
        public RecordedClient outsider() {
            var recorder = new Recorder(history, tally, 0, Load.MIXED);
            var options = ClientOptions.of(String.join(",", addresses())).callTimeout(CALL_MAX);
            return RecordedClient.open(recorder, nodes, options);
        }

        private List<String> addresses() {
            return nodes.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private record Worker(Workload.Actor actor, Desk desk, Thread thread) {}

    /** Prepares every workload and sets all processes to work. */
    public static Traffic start(List<Workload> workloads, Setting setting) {
        var traffic = new Traffic(List.copyOf(workloads), setting);
        int process = 0;
        for (Workload workload : workloads) {
            try (Desk desk = traffic.desk(process, workload)) {
                workload.prepare(desk);
            }
        }
        for (Workload workload : workloads) {
            for (int i = 0; i < workload.processes(); i++) {
                traffic.hire(++process, workload);
            }
        }
        return traffic;
    }

    private Desk desk(int process, Workload workload) {
        var recorder = new Recorder(setting.history(), setting.tally(), process, workload.load());
        var addresses = setting.addresses();
        var patience = process % 2 == 0 ? CALL_MAX : HASTY;
        return new Desk(
                process,
                client(recorder, addresses, patience),
                addresses.stream()
                        .map(address ->
                                client(recorder, setting.isEachNodeAsked() ? List.of(address) : addresses, patience))
                        .toList(),
                addresses,
                recorder,
                setting.random().apply(process));
    }

    private RecordedClient client(Recorder recorder, List<String> addresses, Duration patience) {
        var options = ClientOptions.of(String.join(",", addresses))
                .callTimeout(patience)
                .tryTimeout(TRY);
        return RecordedClient.open(recorder, setting.nodes(), options);
    }

    private void hire(int process, Workload workload) {
        Desk desk = desk(process, workload);
        Workload.Actor actor = workload.hire(desk);
        var thread = Thread.ofPlatform()
                .name("process-" + process)
                .daemon()
                .uncaughtExceptionHandler((dead, failure) -> failures.add(failure))
                .start(() -> {
                    while (!isStopping) {
                        actor.act();
                        Await.pause(BETWEEN_ACTS);
                    }
                });
        workers.add(new Worker(actor, desk, thread));
    }

    /** Lets the calls under way end, and makes no more. */
    public void stop() {
        isStopping = true;
        for (Worker worker : workers) {
            try {
                if (!worker.thread().join(STOP_MAX)) {
                    throw new AssertionError(worker.thread().getName() + " hangs in a call beyond its deadline");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the traffic was stopping", e);
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a process failed", failures.peek());
        }
    }

    /** After {@link #stop}: ends what the processes follow, now that {@code last} is the last commit. */
    public void finish(CommitTs last) {
        for (Worker worker : workers) {
            worker.actor().finish(last);
            worker.desk().close();
        }
    }

    /** What is at work. */
    public List<Workload> workloads() {
        return workloads;
    }
}
