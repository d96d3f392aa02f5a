package io.statehouse.node.grpc;

import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.service.BackupService;
import io.statehouse.node.service.ClusterService;
import io.statehouse.node.service.DiffService;
import io.statehouse.node.service.HistoryService;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.node.service.ProvenanceService;
import io.statehouse.node.service.QuotaService;
import io.statehouse.node.service.RetentionService;
import io.statehouse.node.service.RevertService;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.TokenService;
import io.statehouse.node.service.TransactionService;
import io.statehouse.node.service.VerifyService;
import io.statehouse.node.service.VersionService;
import io.statehouse.node.service.WatchService;
import java.util.concurrent.Executor;

/** What the endpoints speak for. */
public record Services(
        StateService state,
        TransactionService transactions,
        HistoryService history,
        Past past,
        WatchService watches,
        ClusterService cluster,
        BackupService backups,
        TokenService tokens,
        QuotaService quotas,
        AgentLayer agents,
        NodeHealth health) {
    /**
     * What is built on the state.
     *
     * @param waiters threads that its calls may wait on
     */
    public record AgentLayer(AgentEngine engine, Executor waiters) {}

    /** What speaks of versions and moments. */
    public record Past(
            VersionService versions,
            DiffService diffs,
            RevertService reverts,
            ProvenanceService provenance,
            VerifyService verify,
            RetentionService retention) {}
}
