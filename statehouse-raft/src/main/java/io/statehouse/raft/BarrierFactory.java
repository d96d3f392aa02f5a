package io.statehouse.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Makes the leader's appenders, one per follower, such that their acknowledgements can be listened to. */
final class BarrierFactory extends GrpcFactory {
    private final AppenderRegistry registry;

    BarrierFactory(Parameters parameters, AppenderRegistry registry) {
        super(parameters);
        this.registry = registry;
    }

    @Override
    public LogAppender newLogAppender(RaftServer.Division division, LeaderState leader, FollowerInfo follower) {
        var appender = new BarrierAppender(division, leader, follower, registry);
        registry.add(leader, appender);
        return appender;
    }
}
