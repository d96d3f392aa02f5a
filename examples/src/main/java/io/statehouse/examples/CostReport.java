package io.statehouse.examples;

import static io.statehouse.examples.Surroundings.say;

import io.statehouse.client.AgentClient;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells what calls of models cost, by model and by worker, to the last digit.
 *
 * <p>The sums are kept by the server with every event. Nothing is lost and nothing is counted twice, whoever dies meanwhile.
 */
public final class CostReport {
    private static final int CALLS = 200;
    private static final int CALLS_PER_PAUSE = 20;
    private static final List<String> MODELS = List.of("large", "small");
    private static final List<String> WORKERS = List.of("planner", "writer", "critic");
    private static final Json PRICE = Json.parse("0.001");

    private final AgentClient agents;
    private final EventLog log;

    private CostReport(AgentClient agents, EventLog log) {
        this.agents = agents;
        this.log = log;
    }

    /** Runs it; the argument names the session. */
    public static void main(String[] args) {
        try (StatehouseClient client = Surroundings.connect()) {
            String session = args.length > 0 ? args[0] : "cost-report";
            AgentClient agents = client.agentLayer();
            new CostReport(agents, EventLog.open(agents, session, "append")).run();
        }
    }

    private void run() {
        long made = log.count();
        if (made > 0) {
            say("resumes behind call " + made);
        }
        while (made < CALLS) {
            boolean isOurs = log.append(made, "llm_response", Map.of("content", "call " + made), call((int) made));
            made = isOurs ? made + 1 : log.count();
            if (made % CALLS_PER_PAUSE == 0) {
                say(made + " of " + CALLS + " calls");
                Surroundings.pause();
            }
        }
        report("all", Map.of("all", query("all")));
        report("model", query("model"));
        report("worker", query("worker"));
        say("finished");
    }

    private static Map<String, ?> call(int number) {
        return Map.of(
                "metadata",
                Map.of(
                        "model",
                        MODELS.get(number % MODELS.size()),
                        "worker_id",
                        WORKERS.get(number % WORKERS.size()),
                        "tokens_in",
                        100,
                        "tokens_out",
                        17,
                        "cost_usd",
                        PRICE));
    }

    private Map<String, ?> query(String by) {
        return agents.query("events.totals", Map.of("id", log.id(), "by", by)).toMap();
    }

    private static void report(String by, Map<String, ?> sums) {
        sums.forEach((name, sum) -> {
            Map<?, ?> took = (Map<?, ?>) Objects.requireNonNull(sum);
            Map<?, ?> tokens = (Map<?, ?>) Objects.requireNonNull(took.get("tokens"));
            say("by " + by + ": " + name + ": " + took.get("events") + " calls, " + tokens.get("in") + " tokens in, "
                    + tokens.get("out") + " tokens out, $" + tokens.get("cost_usd"));
        });
    }
}
