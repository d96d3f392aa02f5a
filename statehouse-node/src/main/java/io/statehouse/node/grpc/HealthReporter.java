package io.statehouse.node.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.statehouse.node.service.NodeHealth;
import io.statehouse.proto.v1.StatehouseServiceGrpc;

/** Tells grpc.health.v1 whether this node can serve, as a whole and for the published service. */
final class HealthReporter {
    private final HealthStatusManager manager = new HealthStatusManager();
    private final NodeHealth health;

    HealthReporter(NodeHealth health) {
        this.health = health;
        refresh();
    }

    BindableService service() {
        return manager.getHealthService();
    }

    /** Watchers hear of a change at the next refresh; a timer calls it. */
    void refresh() {
        ServingStatus status = health.whyNotReady() == null ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        manager.setStatus(StatehouseServiceGrpc.SERVICE_NAME, status);
    }

    /** Not serving, and never again. */
    void stopping() {
        manager.enterTerminalState();
    }
}
