package io.statehouse.node;

import io.statehouse.raft.ClusterView;
import io.statehouse.raft.LogException;
import io.statehouse.raft.Member;
import io.statehouse.raft.MembershipChange;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.TreeStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Logs in states that are hard to hold a real one in. */
final class FakeLog {
    private FakeLog() {}

    /** A member that knows no leader. */
    static class WithoutLeader implements ReplicatedLog {
        private static final Member SELF = new Member("n1", "127.0.0.1:1", "127.0.0.1:2");

        private final StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);

        private static <T> CompletableFuture<T> noLeader() {
            return CompletableFuture.failedFuture(new LogException.NotLeader(null));
        }

        @Override
        public void start() {}

        @Override
        public CompletableFuture<Reply> propose(Command command) {
            return noLeader();
        }

        @Override
        public CompletableFuture<Void> awaitReadable() {
            return noLeader();
        }

        @Override
        public CompletableFuture<Void> awaitApplied(CommitTs at) {
            return noLeader();
        }

        @Override
        public <T> T query(Function<StateMachine, T> question) {
            return question.apply(state);
        }

        @Override
        public ClusterView cluster() {
            return new ClusterView(
                    "fake",
                    SELF,
                    ClusterView.Role.CANDIDATE,
                    1,
                    null,
                    false,
                    List.of(SELF),
                    List.of(),
                    List.of(),
                    CommitTs.ZERO,
                    CommitTs.ZERO,
                    0,
                    Map.of());
        }

        @Override
        public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
            return noLeader();
        }

        @Override
        public CompletableFuture<Void> change(MembershipChange change) {
            return noLeader();
        }

        @Override
        public void close() {}
    }

    /** A follower that shares the state of another log, and names another member as the leader. */
    static final class Follower implements ReplicatedLog {
        private final ReplicatedLog leader;
        private final Member self;
        private final Member leading;

        Follower(ReplicatedLog leader, Member self, Member leading) {
            this.leader = leader;
            this.self = self;
            this.leading = leading;
        }

        private <T> CompletableFuture<T> notHere() {
            return CompletableFuture.failedFuture(new LogException.NotLeader(leading));
        }

        @Override
        public void start() {}

        @Override
        public CompletableFuture<Reply> propose(Command command) {
            return notHere();
        }

        @Override
        public CompletableFuture<Void> awaitReadable() {
            return leader.awaitReadable();
        }

        @Override
        public CompletableFuture<Void> awaitApplied(CommitTs at) {
            return leader.awaitApplied(at);
        }

        @Override
        public <T> T query(Function<StateMachine, T> question) {
            return leader.query(question);
        }

        @Override
        public ClusterView cluster() {
            ClusterView view = leader.cluster();
            return new ClusterView(
                    view.clusterId(),
                    self,
                    ClusterView.Role.FOLLOWER,
                    view.term(),
                    leading,
                    false,
                    List.of(self, leading),
                    List.of(),
                    List.of(),
                    view.applied(),
                    view.durable(),
                    0,
                    Map.of());
        }

        @Override
        public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
            return notHere();
        }

        @Override
        public CompletableFuture<Void> change(MembershipChange change) {
            return notHere();
        }

        @Override
        public void close() {}
    }

    /** A real log that counts the questions asked of its state. */
    static final class Counting implements ReplicatedLog {
        private final ReplicatedLog log;
        private final AtomicLong questions = new AtomicLong();

        Counting(ReplicatedLog log) {
            this.log = log;
        }

        long questions() {
            return questions.get();
        }

        @Override
        public <T> T query(Function<StateMachine, T> question) {
            questions.incrementAndGet();
            return log.query(question);
        }

        @Override
        public void start() {
            log.start();
        }

        @Override
        public CompletableFuture<Reply> propose(Command command) {
            return log.propose(command);
        }

        @Override
        public CompletableFuture<Void> awaitReadable() {
            return log.awaitReadable();
        }

        @Override
        public CompletableFuture<Void> awaitApplied(CommitTs at) {
            return log.awaitApplied(at);
        }

        @Override
        public ClusterView cluster() {
            return log.cluster();
        }

        @Override
        public CompletableFuture<String> transferLeadership(@Nullable String memberId) {
            return log.transferLeadership(memberId);
        }

        @Override
        public CompletableFuture<Void> change(MembershipChange change) {
            return log.change(change);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
