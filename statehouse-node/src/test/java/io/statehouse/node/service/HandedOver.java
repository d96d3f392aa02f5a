package io.statehouse.node.service;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A log of two members that counts how often leadership was to be handed over, and never gets rid of it. */
final class HandedOver implements ReplicatedLog {
    private static final Member SELF = new Member("n1", "127.0.0.1:1", "127.0.0.1:2");
    private static final Member OTHER = new Member("n2", "127.0.0.1:3", "127.0.0.1:4");

    private int handOvers;
    private boolean isLeading;

    void lead() {
        isLeading = true;
    }

    int handOvers() {
        return handOvers;
    }

    @Override
    public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
        handOvers++;
        return CompletableFuture.failedFuture(new IllegalStateException("nobody takes it"));
    }

    @Override
    public ClusterView cluster() {
        return new ClusterView(
                "fake",
                SELF,
                isLeading ? ClusterView.Role.LEADER : ClusterView.Role.FOLLOWER,
                1,
                isLeading ? SELF : OTHER,
                isLeading,
                List.of(SELF, OTHER),
                List.of(),
                List.of(),
                CommitTs.ZERO,
                CommitTs.ZERO,
                0,
                Map.of());
    }

    @Override
    public void start() {}

    @Override
    public CompletableFuture<Reply> propose(Command command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> awaitReadable() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> awaitApplied(CommitTs at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T query(Function<StateMachine, T> question) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> change(MembershipChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
