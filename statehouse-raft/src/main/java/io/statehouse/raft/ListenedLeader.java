package io.statehouse.raft;

import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;

/** Ratis's leader, with the replies of followers shown to the registry on their way. Everything else passes through. */
record ListenedLeader(LeaderState leader, AppenderRegistry registry, ToldCommit told) implements LeaderState {
    @Override
    public void onAppendEntriesReply(LogAppender appender, AppendEntriesReplyProto reply) {
        registry.onReply(appender, reply);
        leader.onAppendEntriesReply(appender, reply);
        registry.replyIsOver();
    }

    @Override
    public void restart(LogAppender appender) {
        leader.restart(appender);
    }

    @Override
    public AppendEntriesRequestProto newAppendEntriesRequestProto(
            FollowerInfo follower, List<LogEntryProto> entries, TermIndex previous, long callId) {
        var request = leader.newAppendEntriesRequestProto(follower, entries, previous, callId);
        // No more than what the follower is known to have with this request, so it can act upon it.
        told.tell(request.getLeaderCommit());
        return request;
    }

    @Override
    public void checkHealth(FollowerInfo follower) {
        leader.checkHealth(follower);
    }

    @Override
    public boolean onFollowerTerm(FollowerInfo follower, long followerTerm) {
        return leader.onFollowerTerm(follower, followerTerm);
    }

    @Override
    public void onFollowerCommitIndex(FollowerInfo follower, long commitIndex) {
        // Ratis wakes every appender at this, before the reply counts for the commit that somebody waits for.
        registry.withoutWaking(() -> leader.onFollowerCommitIndex(follower, commitIndex));
    }

    @Override
    public void onFollowerSuccessAppendEntries(FollowerInfo follower) {
        leader.onFollowerSuccessAppendEntries(follower);
    }

    @Override
    public boolean isFollowerBootstrapping(FollowerInfo follower) {
        return leader.isFollowerBootstrapping(follower);
    }
}
