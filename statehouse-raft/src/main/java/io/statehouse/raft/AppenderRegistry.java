package io.statehouse.raft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/** The appenders of the present leadership of this member, and who listens to what their followers answer. */
final class AppenderRegistry {
    /** Is told, in the thread of the reply, what a follower answered; and of every new appender. */
    interface Listener {
        void onReply(LogAppender appender, AppendEntriesReplyProto reply);

        void onAppender(BarrierAppender appender);
    }

    /** Guarded by this: the appenders all belong to this leadership. */
    private @Nullable LeaderState leadership;

    private final Map<RaftPeerId, BarrierAppender> appenders = new LinkedHashMap<>();

    private volatile @Nullable Listener listener;

    /** Whether this thread tells of nothing that an appender could act upon. */
    private final ThreadLocal<Boolean> isQuiet = ThreadLocal.withInitial(() -> false);

    private final ThreadLocal<Boolean> isReplyOver = ThreadLocal.withInitial(() -> false);

    void listen(Listener newListener) {
        listener = newListener;
    }

    void add(LeaderState leader, BarrierAppender appender) {
        synchronized (this) {
            if (!Objects.equals(leadership, leader)) {
                leadership = leader;
                appenders.clear();
            }
            appenders.put(appender.getFollowerId(), appender);
        }
        Listener told = listener;
        if (told != null) {
            told.onAppender(appender);
        }
    }

    void onReply(LogAppender appender, AppendEntriesReplyProto reply) {
        Listener told = listener;
        if (told != null) {
            told.onReply(appender, reply);
        }
    }

    /** Does something in this thread at which appenders stay asleep, because it gives them nothing to send. */
    void withoutWaking(Runnable act) {
        isQuiet.set(true);
        try {
            act.run();
        } finally {
            isQuiet.set(false);
        }
    }

    boolean isQuiet() {
        return isQuiet.get();
    }

    /** All that a reply changes has been said: Ratis now wakes the appender that got it, from this thread. */
    void replyIsOver() {
        isReplyOver.set(true);
    }

    /** Whether what wakes an appender now is no more than the end of a reply; asked once. */
    boolean takeReplyIsOver() {
        boolean isOver = isReplyOver.get();
        isReplyOver.set(false);
        return isOver;
    }

    synchronized Map<RaftPeerId, BarrierAppender> appenders() {
        return Map.copyOf(appenders);
    }
}
