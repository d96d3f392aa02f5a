package io.statehouse.cluster.chaos.nemesis;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Watches from the first commit on whose readers take one message and then nothing: a server that buffered for them would swell. */
public record StuckReaders() implements Plan {
    /** What the plan notes about the memory of the node that serves them. */
    public static final String MEMORY = "memory of a node with stuck readers";

    /** The note of a run where it did not swell. */
    public static final String FLAT = "flat";

    private static final int READERS = 300;
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration HOLD = Duration.ofSeconds(15);
    private static final long KIB_PER_READER_MAX = 256;

    @Override
    public void run(Scene scene) {
        var node = Victim.FOLLOWER.pick(scene);
        scene.strike(new Readers(node, new AtomicLong()), HOLD);
        scene.rest(SETTLE);
    }

    private record Readers(NodeProcess node, AtomicLong residentKib) implements Fault {
        @Override
        public String name() {
            return READERS + " stuck readers";
        }

        @Override
        public Harm inflict(Scene scene) {
            var channel = Grpc.newChannelBuilder(node.api(), InsecureChannelCredentials.create())
                    .build();
            var opened = new AtomicInteger();
            List<ClientCall<WatchRequest, WatchResponse>> calls = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                calls.add(open(channel, opened));
            }
            residentKib.set(resident(node));
            return new Simple(
                    node.id(), () -> opened.get() == READERS ? "all " + READERS + " streams have begun" : null, () -> {
                        long grown = resident(node) - residentKib.get();
                        boolean isFlat = grown <= READERS * KIB_PER_READER_MAX;
                        scene.marks().seen(MEMORY, isFlat ? FLAT : "grew by " + grown + " KiB");
                        calls.forEach(call -> call.cancel("enough", null));
                        channel.shutdownNow();
                    });
        }

        private static ClientCall<WatchRequest, WatchResponse> open(ManagedChannel channel, AtomicInteger opened) {
            ClientCall<WatchRequest, WatchResponse> call =
                    channel.newCall(WatchServiceGrpc.getWatchMethod(), CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(WatchResponse message) {
                            // The first and the last one that it asks for.
                            opened.incrementAndGet();
                        }
                    },
                    new Metadata());
            call.request(1);
            call.sendMessage(WatchRequest.newBuilder()
                    .setNamespace("default")
                    .setStartTs(1)
                    .build());
            call.halfClose();
            return call;
        }

        private static long resident(NodeProcess node) {
            try {
                return Files.readString(Path.of("/proc/" + node.pid() + "/status"))
                        .lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
