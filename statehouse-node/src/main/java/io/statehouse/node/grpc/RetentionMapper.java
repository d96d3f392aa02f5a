package io.statehouse.node.grpc;

import io.statehouse.node.service.RetentionService;
import io.statehouse.proto.v1.GetRetentionResponse;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.SetRetention;

/** What namespaces keep, in the words of the service and of the wire. */
final class RetentionMapper {
    private RetentionMapper() {}

    static SetRetention command(SetRetentionRequest request) {
        io.statehouse.proto.v1.RetentionPolicy policy = request.getPolicy();
        return new SetRetention(
                new TxnId(request.getTxnId()),
                ApiMapper.namespace(request.getNamespace()),
                new RetentionPolicy(
                        policy.getMaxAgeMs(),
                        ApiMapper.unsigned(policy.getMaxCommits()),
                        ApiMapper.unsigned(policy.getKeepVersions())));
    }

    static SetRetentionRequest request(SetRetention set) {
        return SetRetentionRequest.newBuilder()
                .setTxnId(set.txnId().value())
                .setNamespace(set.namespace())
                .setPolicy(policy(set.policy()))
                .build();
    }

    static GetRetentionResponse answer(RetentionService.Kept kept) {
        return GetRetentionResponse.newBuilder()
                .setPolicy(policy(kept.retained().policy()))
                .setFloorTs(kept.retained().floor().value())
                .setReadTs(kept.at().value())
                .build();
    }

    private static io.statehouse.proto.v1.RetentionPolicy policy(RetentionPolicy policy) {
        return io.statehouse.proto.v1.RetentionPolicy.newBuilder()
                .setMaxAgeMs(policy.maxAgeMillis())
                .setMaxCommits(policy.maxCommits())
                .setKeepVersions(policy.keepVersions())
                .build();
    }
}
