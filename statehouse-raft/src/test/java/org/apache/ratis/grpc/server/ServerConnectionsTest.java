package org.apache.ratis.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.PeerProxyMap;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asks a member that hangs up on whoever connects. */
class ServerConnectionsTest {
    private static final RaftPeerId MEMBER = RaftPeerId.valueOf("n2");
    // gRPC waits about 1, 1.6, 2.6 and 4.1 s after these, each a fifth less at the least.
    private static final int TRIES_IN_VAIN = 4;
    private static final Duration TRIES_MAX = Duration.ofSeconds(30);
    private static final Duration BETWEEN_VOTES = Duration.ofMillis(50);
    private static final long AT_ONCE_MS = 1_000;

    private final Semaphore tries = new Semaphore(0);
    private ServerSocket member;
    private PeerProxyMap<GrpcServerProtocolClient> connections;

    @BeforeEach
    void connectInVain() throws Exception {
        member = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::hangUpOnAll);
        connections = new PeerProxyMap<>(
                "n1",
                peer -> new GrpcServerProtocolClient(
                        peer, 1, 1 << 20, TimeDuration.valueOf(1, TimeUnit.SECONDS), null, false, null));
        connections.addRaftPeers(List.of(RaftPeer.newBuilder()
                .setId(MEMBER)
                .setAddress("127.0.0.1:" + member.getLocalPort())
                .build()));
        long end = System.nanoTime() + TRIES_MAX.toNanos();
        for (int tried = 0; tried < TRIES_IN_VAIN; tried += tries.drainPermits()) {
            assertThat(System.nanoTime()).as("the end of the tries").isLessThan(end);
            askInVain();
            Thread.sleep(BETWEEN_VOTES.toMillis());
        }
        askInVain();
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
        member.close();
    }

    @Test
    void aMemberThatCouldNotBeReachedIsTriedAtOnce() throws Exception {
        ServerConnections.tryAgain(connections, List.of(MEMBER));

        assertThat(tries.tryAcquire(AT_ONCE_MS, TimeUnit.MILLISECONDS)).isTrue();
    }

    // The control: without it there would be no try so soon, and the test above would prove nothing.
    @Test
    void itIsOtherwiseTriedMuchLater() throws Exception {
        assertThat(tries.tryAcquire(AT_ONCE_MS, TimeUnit.MILLISECONDS)).isFalse();
    }

    private void askInVain() {
        assertThatThrownBy(() -> connections.getProxy(MEMBER).requestVote(RequestVoteRequestProto.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
    }

    private void hangUpOnAll() {
        while (!member.isClosed()) {
            try {
                member.accept().close();
                tries.release();
            } catch (IOException e) {
                // The test is over.
            }
        }
    }
}
