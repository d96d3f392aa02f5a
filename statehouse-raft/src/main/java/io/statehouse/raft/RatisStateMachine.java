package io.statehouse.raft;

import io.statehouse.statemachine.LogPosition;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ratis's callbacks, each handed on to whom it concerns. What Ratis demands of each is in docs/decisions/0010. */
final class RatisStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);

    /** Who the callbacks concern besides the replica. */
    interface Callbacks {
        /** The batch that this member is proposing under the id; null when there is none. */
        @Nullable
        BatchInFlight proposed(long batchId);

        void onLeaderReady();

        void onNotLeader();

        /** Brings the state to a checkpoint of the leader, and returns where that one is in the log. */
        CompletableFuture<TermIndex> fetchSnapshot(Member leader, TermIndex firstInLog);

        /** Entries from this index on are about to be cut off the log, because a new leader has others. */
        void onTruncate(long fromIndex);

        /** Ratis is done with the state machine. */
        void onClosed();
    }

    private final Replica replica;
    private final SnapshotDirectory directory;
    private final Callbacks callbacks;
    private final Halt halt;

    RatisStateMachine(Replica replica, SnapshotDirectory directory, Callbacks callbacks, Halt halt) {
        this.replica = replica;
        this.directory = directory;
        this.callbacks = callbacks;
        this.halt = halt;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        // The state was opened before, because the log had to be proven against it.
        getLifeCycle().startAndTransition(this::resumeAtDurable);
    }

    private void resumeAtDurable() {
        var position = replica.durable().position();
        setLastAppliedTermIndex(TermIndex.valueOf(position.term(), position.index()));
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(callbacks.proposed(request.getCallId()))
                .build();
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        if (transaction.getStateMachineContext() instanceof BatchInFlight batch) {
            batch.enterLog();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        var position = new LogPosition(entry.getTerm(), entry.getIndex());
        if (replica.apply(position, entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer())) {
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (replica.pass(new LogPosition(term, index))) {
            super.notifyTermIndexUpdated(term, index);
        }
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return DurableSnapshot.of(replica.durable().position());
    }

    @Override
    public long takeSnapshot() throws IOException {
        if (replica.isReloadExpected()) {
            // A crash now would start with the snapshot, and need the log from there on.
            throw new IOException("nothing is purged while an installed snapshot waits to be opened");
        }
        // The flusher has forced it to the disk already; Ratis purges its log up to here.
        replica.publish();
        return replica.durable().position().index();
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex firstInLog) {
        // Not looked up in the configuration: a new member has none before its first snapshot.
        var leader =
                ProtoUtils.toRaftPeer(role.getFollowerInfo().getLeaderInfo().getId());
        return callbacks.fetchSnapshot(Members.member(leader), firstInLog);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        replica.pause();
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() {
        getLifeCycle().startAndTransition(() -> {
            var position = replica.reload(directory);
            setLastAppliedTermIndex(TermIndex.valueOf(position.term(), position.index()));
        });
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        LOG.info("leader is known member={} leader={}", member.getPeerId(), leader);
    }

    @Override
    public void notifyLeaderReady() {
        callbacks.onLeaderReady();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        callbacks.onNotLeader();
    }

    @Override
    public CompletableFuture<Void> truncate(long fromIndex) {
        callbacks.onTruncate(fromIndex);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        halt.now(ExitCode.STORAGE_FAILED, "the Raft log cannot be written", cause);
    }

    @Override
    public void close() {
        getLifeCycle().checkStateAndClose(callbacks::onClosed);
    }
}
