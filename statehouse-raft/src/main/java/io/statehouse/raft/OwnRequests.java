package io.statehouse.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.AdminAsynchronousProtocol;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** What this member asks its own Ratis for, without a network between. */
final class OwnRequests {
    private static final Duration PURGE_TIMEOUT = Duration.ofSeconds(20);

    private final RaftServer server;
    private final RaftServer.Division division;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    OwnRequests(RaftServer server, RaftServer.Division division) {
        this.server = server;
        this.division = division;
    }

    /** Replicates the bytes of an entry. */
    CompletableFuture<RaftClientReply> submit(long batchId, byte[] entry) throws IOException {
        var request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(division.getGroup().getGroupId())
                .setCallId(batchId)
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        // Past RaftServer's own method, which costs a thread and blocks it for each request.
        return ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
    }

    /** Drops the log behind what is on the disk without it. */
    CompletableFuture<?> purgeLog() {
        var request = SnapshotManagementRequest.newCreate(
                ClientId.randomId(),
                server.getId(),
                division.getGroup().getGroupId(),
                nextCallId(),
                PURGE_TIMEOUT.toMillis(),
                1);
        return ((AdminAsynchronousProtocol) server).snapshotManagementAsync(request);
    }

    /** Names a request of this process. */
    long nextCallId() {
        return calls.incrementAndGet();
    }
}
