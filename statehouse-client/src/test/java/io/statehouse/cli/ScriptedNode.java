package io.statehouse.cli;

import io.statehouse.proto.v1.ChangeMembersResponse;
import io.statehouse.proto.v1.ClusterMember;
import io.statehouse.proto.v1.ClusterServiceGrpc;
import io.statehouse.proto.v1.GetClusterStatusResponse;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.HealthResponse;
import io.statehouse.proto.v1.ListAgentsResponse;
import io.statehouse.proto.v1.ListKeysResponse;
import io.statehouse.proto.v1.ListNamespacesResponse;
import io.statehouse.proto.v1.MemberRole;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ScanPrefixResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.TransferLeadershipResponse;
import io.statehouse.proto.v1.VersionResponse;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;

/** Puts a {@link ScriptedStore} behind all calls that statehousectl makes. */
final class ScriptedNode {
    private ScriptedNode() {}

    static ScriptedServer over(ScriptedStore store) {
        var server = new ScriptedServer();
        writes(server, store);
        reads(server, store);
        lists(server, store);
        cluster(server);
        ScriptedPast.behind(server, store);
        ScriptedBackup.behind(server);
        ScriptedAgents.behind(server);
        return server;
    }

    private static void writes(ScriptedServer server, ScriptedStore store) {
        server.answer(StatehouseServiceGrpc.getCommitMethod(), store::commit)
                .answer(
                        StatehouseServiceGrpc.getGetTransactionMethod(),
                        request -> store.transaction(request.getTxnId()))
                .answer(
                        StatehouseServiceGrpc.getResolveTransactionMethod(),
                        request -> store.resolve(request.getTxnId()));
    }

    private static void reads(ScriptedServer server, ScriptedStore store) {
        server.answer(StatehouseServiceGrpc.getGetStateMethod(), request -> {
            long cut = store.cut(request.getOptions());
            var row = store.find(request.getNamespace(), request.getAgentId(), request.getKey(), request.getOptions());
            return row == null
                    ? GetStateResponse.newBuilder().setReadTs(cut).build()
                    : state(row.entry()).setReadTs(cut).build();
        });
        server.answer(StatehouseServiceGrpc.getGetStateAtVersionMethod(), request -> {
            var row =
                    store.version(request.getNamespace(), request.getAgentId(), request.getKey(), request.getVersion());
            var answer = GetStateAtVersionResponse.newBuilder().setReadTs(store.cut(request.getOptions()));
            if (row == null) {
                return answer.build();
            }
            GetStateResponse state = state(row.entry()).build();
            answer.setExists(state.getExists())
                    .setVersion(state.getVersion())
                    .setCommitTs(state.getCommitTs())
                    .setWallTimeMs(state.getWallTimeMs());
            return state.hasJson() ? answer.setJson(state.getJson()).build() : answer.build();
        });
    }

    private static GetStateResponse.Builder state(StateEntry entry) {
        var answer = GetStateResponse.newBuilder()
                .setExists(entry.hasJson())
                .setVersion(entry.getVersion())
                .setCommitTs(entry.getCommitTs())
                .setWallTimeMs(entry.getWallTimeMs());
        return entry.hasJson() ? answer.setJson(entry.getJson()) : answer;
    }

    private static void lists(ScriptedServer server, ScriptedStore store) {
        server.answer(StatehouseServiceGrpc.getListKeysMethod(), request -> {
            var found =
                    store.scan(request.getNamespace(), request.getAgentId(), request.getPrefix(), request.getOptions());
            return ListKeysResponse.newBuilder()
                    .addAllKeys(found.stream().map(StateEntry::getKey).toList())
                    .setReadTs(store.cut(request.getOptions()))
                    .build();
        });
        server.answer(
                StatehouseServiceGrpc.getScanPrefixMethod(),
                request -> ScanPrefixResponse.newBuilder()
                        .addAllEntries(store.scan(
                                request.getNamespace(),
                                request.getAgentId(),
                                request.getPrefix(),
                                request.getOptions()))
                        .setReadTs(store.cut(request.getOptions()))
                        .build());
        server.answer(
                StatehouseServiceGrpc.getListAgentsMethod(),
                request -> ListAgentsResponse.newBuilder()
                        .addAllAgentIds(store.agents(request.getNamespace(), request.getPrefix()))
                        .setReadTs(store.cut(request.getOptions()))
                        .build());
        server.answer(
                StatehouseServiceGrpc.getListNamespacesMethod(),
                request -> ListNamespacesResponse.newBuilder()
                        .addAllNamespaces(store.namespaces())
                        .build());
        server.<io.statehouse.proto.v1.ReplayRequest, ReplayEvent>stream(
                StatehouseServiceGrpc.getReplayMethod(), store::replay);
        server.<WatchRequest, WatchResponse>stream(WatchServiceGrpc.getWatchMethod(), store::watch);
    }

    private static void cluster(ScriptedServer server) {
        server.answer(
                StatehouseServiceGrpc.getHealthMethod(),
                request -> HealthResponse.newBuilder().setStatus("ok").build());
        server.answer(
                StatehouseServiceGrpc.getVersionMethod(),
                request -> VersionResponse.newBuilder()
                        .setVersion("0.1.0")
                        .setGitSha("0123abc")
                        .build());
        server.answer(
                ClusterServiceGrpc.getGetClusterStatusMethod(),
                request -> GetClusterStatusResponse.newBuilder()
                        .setClusterId("2f6c1b1e-5d3a-4c7e-9b1f-0a1b2c3d4e5f")
                        .setNodeId("n1")
                        .setRole(MemberRole.MEMBER_ROLE_LEADER)
                        .setTerm(3)
                        .setLeaderId("n1")
                        .setAppliedCommitTs(1_041)
                        .setDurableCommitTs(1_000)
                        .setVersion("0.1.0")
                        .addMembers(member("n1", 0, MemberRole.MEMBER_ROLE_LEADER))
                        .addMembers(
                                member("n2", 1, MemberRole.MEMBER_ROLE_FOLLOWER).setLagEntries(0))
                        .addMembers(
                                member("n3", 2, MemberRole.MEMBER_ROLE_FOLLOWER).setLagEntries(17))
                        .build());
        server.answer(
                ClusterServiceGrpc.getTransferLeadershipMethod(),
                request -> TransferLeadershipResponse.newBuilder()
                        .setLeaderId(request.getNodeId().isEmpty() ? "n3" : request.getNodeId())
                        .build());
        server.answer(
                ClusterServiceGrpc.getChangeMembersMethod(), request -> ChangeMembersResponse.getDefaultInstance());
    }

    private static ClusterMember.Builder member(String id, int number, MemberRole role) {
        return ClusterMember.newBuilder()
                .setNodeId(id)
                .setApiAddress("127.0.0.1:" + (50_051 + number))
                .setRaftAddress("127.0.0.1:" + (50_061 + number))
                .setRole(role);
    }
}
