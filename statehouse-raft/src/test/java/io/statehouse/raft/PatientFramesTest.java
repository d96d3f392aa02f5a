package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PatientFramesTest {
    private static final Duration STALL = Duration.ofMillis(200);

    @Test
    @Timeout(30)
    void aLeaderThatFellSilentIsGivenUp() throws Exception {
        // Accepts in the kernel and never says a word, as a host does that lost its power.
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var channel = NettyChannelBuilder.forAddress("127.0.0.1", silent.getLocalPort())
                    .usePlaintext()
                    .build();
            try {
                var call = channel.newCall(PeerMethods.FETCH_SNAPSHOT, CallOptions.DEFAULT);
                Iterator<byte[]> frames =
                        ClientCalls.blockingServerStreamingCall(call, PeerMethods.request(new UUID(1, 2)));

                assertThatThrownBy(() -> new PatientFrames(frames, call, STALL).hasNext())
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("nothing came");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void framesThatComeInTimePass() {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build();
        try {
            var call = channel.newCall(PeerMethods.FETCH_SNAPSHOT, CallOptions.DEFAULT);
            var frames = new PatientFrames(List.of(new byte[] {7}).iterator(), call, STALL);

            assertThat(frames).toIterable().containsExactly(new byte[] {7});
        } finally {
            channel.shutdownNow();
        }
    }
}
