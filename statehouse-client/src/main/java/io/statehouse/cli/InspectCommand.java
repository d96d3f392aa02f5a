package io.statehouse.cli;

import io.statehouse.client.Event;
import io.statehouse.client.Listing;
import io.statehouse.client.Range;
import io.statehouse.client.Replay;
import io.statehouse.client.ReplayQuery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect}. */
@Command(
        name = "inspect",
        description = "Shows an agent at a glance: its first keys and its last events.",
        footer = {"", "Example:", "  statehousectl inspect ada"})
final class InspectCommand implements Callable<Integer> {
    private static final int KEYS_SHOWN = 10;
    private static final int EVENTS_SHOWN = 5;

    /** Counting reads them, so it ends somewhere. */
    private static final long EVENTS_COUNTED_MAX = 100_000;

    private final Session session;

    @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
    String agent = "";

    InspectCommand(Session session) {
        this.session = session;
    }

    /** What is shown, all of it as of one commit. */
    private record Glance(List<String> firstKeys, long keys, long events, Deque<Event> lastEvents, long readTs) {}

    @Override
    public Integer call() {
        Glance glance = look();
        if (session.isJson()) {
            session.output().line(json(glance));
        } else {
            show(glance);
        }
        return ExitCode.OK.number();
    }

    private Glance look() {
        Listing<String> names = session.client()
                .keys(Range.of(agent).pageSize(Range.PAGE_SIZE_MAX).read(session.read()));
        List<String> firstKeys = new ArrayList<>();
        long keys = 0;
        for (String name : names) {
            if (keys++ < KEYS_SHOWN) {
                firstKeys.add(name);
            }
        }
        ReplayQuery history = ReplayQuery.of(agent).to(names.readTs()).read(session.read());
        return new Glance(firstKeys, keys, countEvents(history), lastEvents(history), names.readTs());
    }

    private long countEvents(ReplayQuery history) {
        long events = 0;
        try (Replay replay = session.client().replay(history.limit(EVENTS_COUNTED_MAX))) {
            while (replay.hasNext()) {
                replay.next();
                events++;
            }
        }
        return events;
    }

    private Deque<Event> lastEvents(ReplayQuery history) {
        Deque<Event> oldestFirst = new ArrayDeque<>();
        try (Replay replay = session.client().replay(history.newest(EVENTS_SHOWN))) {
            while (replay.hasNext()) {
                oldestFirst.addFirst(replay.next());
            }
        }
        return oldestFirst;
    }

    private void show(Glance glance) {
        var output = session.output();
        output.line("=== Agent Inspect: " + agent + " ===");
        output.line("Namespace: " + session.namespace());
        output.line("Total keys: " + glance.keys());
        glance.firstKeys().forEach(key -> output.line("  - " + key));
        if (glance.keys() > KEYS_SHOWN) {
            output.line("  ... and " + (glance.keys() - KEYS_SHOWN) + " more");
        }
        output.line("Total events: " + glance.events() + (isCountCut(glance) ? " or more" : ""));
        if (!glance.lastEvents().isEmpty()) {
            output.line("Last events:");
        }
        glance.lastEvents().forEach(event -> EventLines.brief(event).forEach(line -> output.line("  " + line)));
    }

    private String json(Glance glance) {
        return new JsonLine()
                .text("namespace", session.namespace())
                .text("agent_id", agent)
                .number("total_keys", glance.keys())
                .texts("first_keys", glance.firstKeys())
                .number("total_events", glance.events())
                .truth("total_events_is_a_lower_bound", isCountCut(glance))
                .array(
                        "last_events",
                        glance.lastEvents().stream().map(EventLines::json).toList())
                .number("read_ts", glance.readTs())
                .toString();
    }

    private static boolean isCountCut(Glance glance) {
        return glance.events() == EVENTS_COUNTED_MAX;
    }
}
