package io.statehouse.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/** Ratis's gRPC with appenders that tell the read barrier what followers acknowledged; Ratis makes it by its name. */
public final class BarrierRpcType implements RpcType {
    /** Under which the parameters of a server hold its {@link AppenderRegistry}. */
    static final String REGISTRY = "statehouse.appender.registry";

    @Override
    public String name() {
        return "STATEHOUSE_GRPC";
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new BarrierFactory(parameters, parameters.getNonNull(REGISTRY, AppenderRegistry.class));
    }
}
