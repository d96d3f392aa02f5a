package io.statehouse.examples;

import static io.statehouse.examples.Surroundings.say;

import io.statehouse.client.AgentClient;
import io.statehouse.client.RefusalCode;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Two writers take a session from each other, again and again, and never write into each other's turn.
 *
 * <p>The one whose turn is over does not know it, as a process that was stopped for a while does not. It writes nevertheless, and
 * the server refuses it by its token, before anything is written.
 */
public final class TwoWriters {
    private static final int TURNS = 6;
    private static final int EVENTS_PER_TURN = 2;

    /** A turn that takes longer is over. */
    private static final Duration TURN_MAX = Duration.ofMinutes(5);

    private final AgentClient agents;
    private final EventLog log;

    private TwoWriters(AgentClient agents, EventLog log) {
        this.agents = agents;
        this.log = log;
    }

    /** Runs it; the argument names the session. */
    public static void main(String[] args) {
        try (StatehouseClient client = Surroundings.connect()) {
            String session = args.length > 0 ? args[0] : "two-writers";
            AgentClient agents = client.agentLayer();
            new TwoWriters(agents, EventLog.open(agents, session, "fenced")).run();
        }
    }

    private void run() {
        long written = log.count();
        if (written > 0) {
            say("resumes behind event " + written);
        }
        while (written < (long) TURNS * EVENTS_PER_TURN) {
            written = turn(written);
        }
        requireTurns(log.read());
        say("finished: " + TURNS + " turns, and nobody wrote into another's");
    }

    /** One writer's turn, or the rest of it; the other one tries to write at its end. */
    private long turn(long before) {
        long turn = before / EVENTS_PER_TURN;
        List<?> old = open(writer(turn + 1));
        List<?> fence = open(writer(turn));
        long written = before;
        while (written < (turn + 1) * EVENTS_PER_TURN) {
            Surroundings.pause();
            boolean isWritten = log.append(
                    written, "custom", Map.of("writer", writer(turn), "turn", turn), Map.of("fences", fence));
            written = isWritten ? written + 1 : log.count();
        }
        say("turn " + (turn + 1) + " of " + TURNS + ": " + writer(turn) + " wrote, " + writer(turn + 1) + " was "
                + (isRefused(written, turn + 1, old) ? "refused" : "NOT REFUSED"));
        return written;
    }

    private static String writer(long turn) {
        return turn % 2 == 0 ? "one" : "two";
    }

    /** Becomes the session's writer; answers what a write must name. */
    private List<?> open(String writer) {
        Map<?, ?> opened = agents.execute(
                        "events.open_writer", Map.of("id", log.id(), "writer", writer, "ttl_ms", TURN_MAX.toMillis()))
                .toMap();
        return ((List<?>) Objects.requireNonNull(opened.get("leases")))
                .stream()
                        .map(lease -> (Map<?, ?>) lease)
                        .map(lease -> Map.of(
                                "resource",
                                Objects.requireNonNull(lease.get("resource")),
                                "token",
                                Objects.requireNonNull(lease.get("token"))))
                        .toList();
    }

    private boolean isRefused(long written, long turn, List<?> staleFence) {
        try {
            boolean unused = log.append(
                    written, "custom", Map.of("writer", writer(turn), "turn", turn), Map.of("fences", staleFence));
            return false;
        } catch (Refused e) {
            return e.code() == RefusalCode.FENCED;
        }
    }

    private static void requireTurns(List<Map<?, ?>> events) {
        for (int index = 0; index < TURNS * EVENTS_PER_TURN; index++) {
            Map<?, ?> payload =
                    (Map<?, ?>) Objects.requireNonNull(events.get(index).get("payload"));
            if (!writer(index / EVENTS_PER_TURN).equals(payload.get("writer"))) {
                throw new IllegalStateException("event " + (index + 1) + " is of " + payload);
            }
        }
    }
}
