package io.statehouse.cluster.bench.peer;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Ports;
import io.statehouse.cluster.bench.wire.BytesCall;
import io.statehouse.cluster.bench.wire.EtcdWire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three etcd processes with the defaults of etcd, and a connection to each. */
final class EtcdCluster implements AutoCloseable {
    static final int SIZE = 3;

    private static final Program ETCD = Contender.ETCD.programs().getFirst();
    private static final Duration READY_MAX = Duration.ofSeconds(30);
    private static final long STATUS_MILLIS_MAX = 500;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    // The most etcd recommends; with its default of 2 GiB a long run would end in refusals.
    private static final long BACKEND_BYTES_MAX = 8L << 30;

    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    private EtcdCluster() {}

    /** Starts a new one; more flags change its defaults. */
    static EtcdCluster start(Path directory, List<String> flags) {
        var cluster = new EtcdCluster();
        int first = Ports.freeRun(2 * SIZE);
        for (int i = 0; i < SIZE; i++) {
            Path data = directory.resolve("etcd-" + i);
            cluster.processes.add(new ServerProcess(data, command(data, i, first, flags)));
            cluster.channels.add(connect(first + i));
        }
        try {
            cluster.processes.forEach(ServerProcess::start);
            cluster.awaitLeader();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private static List<String> command(Path data, int number, int first, List<String> flags) {
        String client = "http://127.0.0.1:" + (first + number);
        String peer = "http://127.0.0.1:" + (first + SIZE + number);
        String members = IntStream.range(0, SIZE)
                .mapToObj(i -> "e" + i + "=http://127.0.0.1:" + (first + SIZE + i))
                .collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(List.of(
                ETCD.require().toString(),
                "--name=e" + number,
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + members,
                "--initial-cluster-token=statehouse-bench",
                "--quota-backend-bytes=" + BACKEND_BYTES_MAX,
                "--logger=zap",
                "--log-level=error"));
        command.addAll(flags);
        return command;
    }

    private static ManagedChannel connect(int port) {
        return Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                .maxInboundMessageSize(ANSWER_BYTES_MAX)
                .disableRetry()
                // What the benchmarks do with an answer never blocks.
                .executor(Runnable::run)
                .build();
    }

    /** The connection to a member, ready to be tried now: as Statehouse's client, not waiting out gRPC's own pause. */
    ManagedChannel to(int member) {
        ManagedChannel channel = channels.get(Math.floorMod(member, SIZE));
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
        return channel;
    }

    /** The member that leads. */
    int awaitLeader() {
        return Await.value("etcd has a leader", READY_MAX, () -> {
            for (int member = 0; member < SIZE; member++) {
                byte[] status = status(member);
                if (status != null && EtcdWire.leader(status) == EtcdWire.member(status)) {
                    return member;
                }
            }
            return null;
        });
    }

    /** Waits until every member knows a leader. */
    void awaitReady() {
        for (int i = 0; i < SIZE; i++) {
            int member = i;
            Await.until("etcd member " + member + " serves", READY_MAX, () -> {
                processes.get(member).requireAlive();
                byte[] status = status(member);
                return status != null && EtcdWire.leader(status) != 0;
            });
        }
    }

    private byte @Nullable [] status(int member) {
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(STATUS_MILLIS_MAX, TimeUnit.MILLISECONDS);
            return BytesCall.unary(to(member), BytesCall.ETCD_STATUS, options, new byte[0])
                    .join();
        } catch (CompletionException e) {
            return null;
        }
    }

    ServerProcess process(int member) {
        return processes.get(member);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        processes.forEach(ServerProcess::kill);
    }
}
