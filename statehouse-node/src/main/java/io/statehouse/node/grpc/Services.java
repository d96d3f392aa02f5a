package io.statehouse.node.grpc;

import io.statehouse.node.service.ClusterService;
import io.statehouse.node.service.HistoryService;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.node.service.StateService;
import io.statehouse.node.service.TransactionService;
import io.statehouse.node.service.WatchService;

/** What the endpoints speak for. */
public record Services(
        StateService state,
        TransactionService transactions,
        HistoryService history,
        WatchService watches,
        ClusterService cluster,
        NodeHealth health) {}
