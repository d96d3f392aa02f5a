package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An appender is woken when it may have something to send, and not when a follower tells what it has committed. */
class AppenderWakingTest {
    private static final long LONG_ENOUGH_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void anAppenderSleepsOnWhereThereIsNothingToSend() throws InterruptedException {
        try (var cluster = LocalCluster.start(directory, 3)) {
            cluster.commit(Commands.put("t", "k", "1"));
            var registry = cluster.log(cluster.awaitLeader()).running().registry();
            var appender = registry.appenders().values().iterator().next();

            // A heartbeat's reply may wake it at any time, so only one try of several has to show it asleep.
            Pause.until(
                    System.nanoTime() + PATIENCE.toNanos(),
                    () -> !isWoken(appender, () -> registry.withoutWaking(appender::notifyLogAppender)),
                    () -> new LogException.Unavailable("woken every time", null));
            Pause.until(
                    System.nanoTime() + PATIENCE.toNanos(),
                    () -> !isWoken(appender, () -> {
                        registry.replyIsOver();
                        appender.notifyLogAppender();
                    }),
                    () -> new LogException.Unavailable("woken by the end of every reply", null));
            assertThat(isWoken(appender, appender::notifyLogAppender)).isTrue();

            var wasQuiet = new AtomicBoolean();
            new ListenedLeader(new Told(() -> wasQuiet.set(registry.isQuiet())), registry, new ToldCommit())
                    .onFollowerCommitIndex(appender.getFollower(), 1);
            assertThat(wasQuiet)
                    .as("the commit index of a follower is nothing to send")
                    .isTrue();
            assertThat(registry.isQuiet()).isFalse();
        }
    }

    /** Whether something wakes a thread that waits where the appender's own does. */
    private static boolean isWoken(LogAppender appender, Runnable something) {
        var waiting = new FutureTask<>(
                () -> appender.getEventAwaitForSignal().await(LONG_ENOUGH_MILLIS, TimeUnit.MILLISECONDS));
        var thread = Thread.ofPlatform().daemon().start(waiting);
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        something.run();
        try {
            return waiting.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Ratis's leader, as far as it hears of commit indices. */
    private record Told(Runnable onCommitIndex) implements LeaderState {
        @Override
        public void onFollowerCommitIndex(FollowerInfo follower, long commitIndex) {
            onCommitIndex.run();
        }

        @Override
        public void onAppendEntriesReply(LogAppender appender, AppendEntriesReplyProto reply) {}

        @Override
        public void restart(LogAppender appender) {}

        @Override
        public AppendEntriesRequestProto newAppendEntriesRequestProto(
                FollowerInfo follower, List<LogEntryProto> entries, TermIndex previous, long callId) {
            return AppendEntriesRequestProto.getDefaultInstance();
        }

        @Override
        public void checkHealth(FollowerInfo follower) {}

        @Override
        public boolean onFollowerTerm(FollowerInfo follower, long followerTerm) {
            return false;
        }

        @Override
        public void onFollowerSuccessAppendEntries(FollowerInfo follower) {}

        @Override
        public boolean isFollowerBootstrapping(FollowerInfo follower) {
            return false;
        }
    }
}
