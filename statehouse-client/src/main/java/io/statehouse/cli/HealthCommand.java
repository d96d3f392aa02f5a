package io.statehouse.cli;

import io.statehouse.client.StatehouseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code health}. */
@Command(
        name = "health",
        description = "Asks whether a node serves.",
        footer = {"", "Example:", "  statehousectl health --address node1:50051 --timeout 1"})
final class HealthCommand implements Callable<Integer> {
    private static final String SERVING = "ok";

    private final Session session;

    HealthCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try {
            return report(session.client().health());
        } catch (StatehouseException e) {
            if (session.isJson()) {
                session.output().line(json(false, "unreachable"));
            }
            throw e;
        }
    }

    private int report(String status) {
        boolean isHealthy = status.equals(SERVING);
        if (session.isJson()) {
            session.output().line(json(isHealthy, status));
        } else if (isHealthy) {
            session.output().success("Daemon is healthy");
        } else {
            session.output().failure("Daemon is not healthy: " + status);
        }
        return (isHealthy ? ExitCode.OK : ExitCode.ERROR).number();
    }

    private static String json(boolean isHealthy, String status) {
        return new JsonLine().truth("healthy", isHealthy).text("status", status).toString();
    }
}
