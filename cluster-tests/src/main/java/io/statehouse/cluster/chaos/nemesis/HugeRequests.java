package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Scene;
import io.statehouse.cluster.chaos.workload.RecordedClient;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Requests as large as they may be, which must work, and one larger, which must be refused by name before anything happens. */
public record HugeRequests() implements Plan {
    /** What the plan notes: whether every answer was the one expected. */
    public static final String ANSWERS = "answers at the limits";

    /** The note of a run where it was. */
    public static final String EXACT = "as documented";

    private static final Duration REST = Duration.ofSeconds(2);
    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int KEY_BYTES_MAX = 1 << 10;
    private static final int OPERATIONS_MAX = 1_000;
    private static final int WAY_TOO_LARGE_BYTES = 6 << 20;
    private static final Set<String> TOO_BUSY = Set.of("UNAVAILABLE", "OVERLOADED");
    private static final Agent AGENT = new Agent(Agent.DEFAULT_NAMESPACE, "huge");

    private enum Size {
        FITS,
        TOO_LARGE
    }

    @Override
    public void run(Scene scene) {
        try (var client = scene.hireClient()) {
            do {
                ask(scene, client, "value at its limit", Size.FITS, put("value", VALUE_BYTES_MAX));
                ask(scene, client, "value above its limit", Size.TOO_LARGE, put("value", VALUE_BYTES_MAX + 1));
                ask(scene, client, "value far above", Size.TOO_LARGE, put("value", WAY_TOO_LARGE_BYTES));
                ask(scene, client, "key at its limit", Size.FITS, put("k".repeat(KEY_BYTES_MAX), 10));
                ask(scene, client, "key above its limit", Size.TOO_LARGE, put("k".repeat(KEY_BYTES_MAX + 1), 10));
                ask(scene, client, "operations at their limit", Size.FITS, puts(OPERATIONS_MAX));
                ask(scene, client, "operations above their limit", Size.TOO_LARGE, puts(OPERATIONS_MAX + 1));
                scene.rest(REST);
            } while (!scene.isOver());
        }
    }

    private static void ask(Scene scene, RecordedClient client, String what, Size size, List<Operation> operations) {
        var answer = new AtomicReference<@Nullable Response>();
        scene.strike(
                new Fault() {
                    @Override
                    public String name() {
                        return what;
                    }

                    @Override
                    public Harm inflict(Scene same) {
                        answer.set(client.commit(client.newId(), operations, List.of()));
                        return new Simple(
                                operations.size() + " operations",
                                () -> isAnswer(answer.get()) ? "answered " + shown(answer.get()) : null,
                                () -> {});
                    }
                },
                Duration.ZERO);
        if (!isAnswer(answer.get())) {
            // Nobody saw what the limit does: the run proves nothing.
            return;
        }
        boolean isExact = size == Size.FITS
                ? answer.get() instanceof Response.Committed
                : answer.get() instanceof Response.Refused refused
                        && refused.code().equals("LIMIT_EXCEEDED");
        scene.marks().seen(ANSWERS, isExact ? EXACT : what + " was answered " + shown(answer.get()));
    }

    /** Whether it is about the request, and not about a cluster that was too busy to look at it. */
    private static boolean isAnswer(@Nullable Response answer) {
        return answer != null && !(answer instanceof Response.Refused refused && TOO_BUSY.contains(refused.code()));
    }

    private static String shown(@Nullable Response answer) {
        return answer instanceof Response.Refused refused
                ? refused.code() + ": " + refused.message()
                : answer == null ? "nothing" : answer.getClass().getSimpleName();
    }

    private static List<Operation> put(String name, int bytes) {
        return List.of(new Operation.Put(AGENT.key(name), text(bytes)));
    }

    private static List<Operation> puts(int count) {
        List<Operation> operations = new ArrayList<>();
        IntStream.range(0, count)
                .mapToObj(HugeRequests::key)
                .forEach(key -> operations.add(new Operation.Put(key, text(10))));
        return operations;
    }

    private static Key key(int number) {
        return AGENT.key("key-" + number);
    }

    /** A JSON string of so many bytes, its quotes counted. */
    private static Json text(int bytes) {
        String json = "\"" + "x".repeat(bytes - 2) + "\"";
        return Json.ofTrusted(json.getBytes(StandardCharsets.UTF_8));
    }
}
