package io.statehouse.cli;

import io.statehouse.client.StatehouseClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}. */
@Command(
        name = "bench",
        description = "Puts load on the cluster and measures. Writes to agents named bench-N of the namespace.",
        footer = {
            "",
            "Examples:",
            "  statehousectl bench --concurrency 256 --duration 30s",
            "  statehousectl bench --mode open --rate 5000 --read-ratio 0.8 --json",
            "  statehousectl bench --concurrency 16 --duration 60s    # kill the leader meanwhile, read the write gap"
        })
final class BenchCommand implements Callable<Integer> {
    private static final int CLIENTS_MAX = 256;

    private final Session session;

    @Option(
            names = "--mode",
            paramLabel = "closed|open",
            description = {
                "closed: each caller waits for its answer before it goes on; open: operations start at --rate,",
                "and latency counts from when they were due, so a stall counts for all it delays. Default: closed."
            })
    BenchPlan.Mode mode = BenchPlan.Mode.CLOSED;

    @Option(names = "--rate", paramLabel = "N", description = "Operations per second in the open mode.")
    long rate;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Callers: operations under way at once. They are no threads. Default: 64.")
    int concurrency = 64;

    @Option(names = "--read-ratio", paramLabel = "R", description = "The share of reads, 0 to 1. Default: 0.")
    double readRatio;

    @Option(names = "--value-size", paramLabel = "BYTES", description = "The size of a value. Default: 256.")
    int valueBytes = 256;

    @Option(names = "--agents", paramLabel = "N", description = "Over how many agents to spread. Default: 64.")
    int agents = 64;

    @Option(names = "--keys", paramLabel = "N", description = "Over how many keys of each. Default: 64.")
    int keys = 64;

    @Option(names = "--warmup", paramLabel = "TIME", description = "How long to run before measuring. Default: 3s.")
    String warmup = "3s";

    @Option(names = "--duration", paramLabel = "TIME", description = "How long to measure. Default: 10s.")
    String duration = "10s";

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Client instances, each with its own connections. Default: 1.")
    int clients = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Decides the order of operations. Default: 1.")
    long seed = 1;

    BenchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        var plan = plan();
        List<StatehouseClient> connected = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                // What a caller does between two operations never blocks, so the I/O threads may do it.
                connected.add(StatehouseClient.connect(session.clientOptions(), Runnable::run));
            }
            // A cluster that is not there is an error of the command, not a figure.
            connected.get(0).health();
            report(plan, new LoadGenerator(connected, plan, session.read()).run());
        } finally {
            connected.forEach(StatehouseClient::close);
        }
        return ExitCode.OK.number();
    }

    private BenchPlan plan() {
        if (clients < 1 || clients > CLIENTS_MAX) {
            throw new Complaint("--clients must be 1 to " + CLIENTS_MAX);
        }
        return new BenchPlan(
                mode,
                rate,
                concurrency,
                readRatio,
                valueBytes,
                agents,
                keys,
                Spoken.isZero(warmup) ? Duration.ZERO : Spoken.duration(warmup, "--warmup"),
                Spoken.duration(duration, "--duration"),
                seed);
    }

    private void report(BenchPlan plan, BenchTally tally) {
        var report = new BenchReport(plan, tally);
        if (session.isJson()) {
            session.output().line(report.json());
        } else {
            session.output().lines(report.table());
        }
    }
}
