package io.statehouse.raft;

import java.util.concurrent.CountDownLatch;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.util.CodeInjectionForTesting;

/** Cuts one member off: what it sends Raft's way, and what is sent to it, waits until the cut is healed. */
final class Isolation {
    private final String member;
    private final CountDownLatch healed = new CountDownLatch(1);

    private Isolation(String member) {
        this.member = member;
    }

    static Isolation of(String member) {
        var isolation = new Isolation(member);
        CodeInjectionForTesting.put(GrpcServicesImpl.GRPC_SEND_SERVER_REQUEST, isolation::onSend);
        return isolation;
    }

    private boolean onSend(Object sender, Object receiver, Object... arguments) {
        if (sender.toString().equals(member) || isToMember(arguments[0])) {
            try {
                healed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }

    private boolean isToMember(Object request) {
        return switch (request) {
            case AppendEntriesRequestProto append -> isToMember(append.getServerRequest());
            case RequestVoteRequestProto vote -> isToMember(vote.getServerRequest());
            default -> false;
        };
    }

    private boolean isToMember(RaftRpcRequestProto header) {
        return header.getReplyId().toStringUtf8().equals(member);
    }

    void heal() {
        healed.countDown();
    }
}
