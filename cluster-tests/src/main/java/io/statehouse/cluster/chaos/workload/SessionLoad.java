package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Members;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * W13: agents append to the same sessions, some of them under leases that they take from each other, and go on appending when they have
 * lost them. When all is over every session is read from its beginning.
 */
public final class SessionLoad implements Workload {
    private static final int SESSIONS = 2;
    private static final int RESOURCES = 2;
    private static final int PROCESSES = 3;
    private static final int EVENTS_AT_ONCE_MAX = 4;
    private static final int READ_PERCENT = 10;
    private static final int PLAIN_PERCENT = 30;
    private static final int TAKE_OVER_PERCENT = 40;
    private static final int RELEASE_PERCENT = 50;
    private static final int TAIL = 20;
    private static final int TRIES_MAX = 20;
    /** Some leases outlast a failover, and some end while their holder waits for an answer. */
    private static final long TTL_MILLIS = 1_500;

    private final AtomicLong events = new AtomicLong();
    private final List<AtomicLong> newest =
            Stream.generate(AtomicLong::new).limit(SESSIONS).toList();
    private final AtomicBoolean isReadInTheEnd = new AtomicBoolean();

    @Override
    public Load load() {
        return Load.SESSIONS;
    }

    @Override
    public List<String> checkers() {
        return List.of("sessions");
    }

    @Override
    public int processes() {
        return PROCESSES;
    }

    @Override
    public void prepare(Desk desk) {
        for (int session = 0; session < SESSIONS; session++) {
            TxnId id = desk.client().newId();
            Map<String, String> params = Map.of("id", name(session));
            answered(() -> desk.client().execute(id, "events.create_session", params));
        }
    }

    private static String name(int session) {
        return "session-" + session;
    }

    /** The answer to a question that can be asked again. */
    private static Members answered(Supplier<@Nullable Response> question) {
        for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
            if (question.get() instanceof Response.Answered answered) {
                return Members.parse(answered.json());
            }
        }
        throw new IllegalStateException("a session cannot be asked for anything");
    }

    @Override
    public Actor hire(Desk desk) {
        return new Writer(desk);
    }

    /** One agent at work. */
    private final class Writer implements Actor {
        private final Desk desk;

        Writer(Desk desk) {
            this.desk = desk;
        }

        @Override
        public void act() {
            if (desk.chance(READ_PERCENT)) {
                read(somebody());
            } else if (desk.chance(PLAIN_PERCENT)) {
                append(List.of());
            } else {
                List<Map<String, Object>> fences = acquire();
                int count = fences.isEmpty() ? 0 : 1 + desk.random().nextInt(EVENTS_AT_ONCE_MAX);
                for (int event = 0; event < count; event++) {
                    append(fences);
                }
                if (!fences.isEmpty() && desk.chance(RELEASE_PERCENT)) {
                    execute("lease.release", Map.of("fences", fences));
                }
            }
        }

        private RecordedClient somebody() {
            return desk.chance(50) ? desk.client() : desk.anyNode();
        }

        private @Nullable Response execute(String method, Map<String, ?> params) {
            return somebody().execute(desk.client().newId(), method, params);
        }

        private void read(RecordedClient client) {
            int session = desk.random().nextInt(SESSIONS);
            long from = Math.max(1, newest.get(session).get() - TAIL);
            var unused = client.query("events.read", Map.of("id", name(session), "from_seq", from));
        }

        private void append(List<Map<String, Object>> fences) {
            var params = new HashMap<String, Object>();
            int session = desk.random().nextInt(SESSIONS);
            params.put("session_id", name(session));
            params.put("type", "custom");
            params.put("payload", Map.of("n", events.incrementAndGet(), "fences", fences));
            params.put("fences", fences);
            if (execute("events.append", params) instanceof Response.Answered answered) {
                long number = Members.parse(answered.json()).number("sequence_number");
                newest.get(session).accumulateAndGet(number, Math::max);
            }
        }

        /** The fences of the leases that were granted; empty = none was. */
        private List<Map<String, Object>> acquire() {
            List<String> resources = new ArrayList<>();
            int first = desk.random().nextInt(RESOURCES);
            resources.add("desk-" + first);
            if (desk.chance(50)) {
                resources.add("desk-" + (first + 1) % RESOURCES);
            }
            Response response = execute(
                    "lease.acquire",
                    Map.of(
                            "resources",
                            resources,
                            "holder",
                            "process-" + desk.process(),
                            "ttl_ms",
                            TTL_MILLIS,
                            "take_over",
                            desk.chance(TAKE_OVER_PERCENT)));
            if (!(response instanceof Response.Answered answered)) {
                return List.of();
            }
            return Members.parse(answered.json()).list("leases", Members::read).stream()
                    .map(lease ->
                            Map.<String, Object>of("resource", lease.text("resource"), "token", lease.number("token")))
                    .toList();
        }

        @Override
        public void finish(CommitTs last) {
            if (isReadInTheEnd.getAndSet(true)) {
                return;
            }
            for (int session = 0; session < SESSIONS; session++) {
                String id = name(session);
                long[] from = {1};
                while (from[0] > 0) {
                    Members page =
                            answered(() -> desk.client().query("events.read", Map.of("id", id, "from_seq", from[0])));
                    from[0] = page.numberOr("next_seq", 0);
                }
            }
        }
    }
}
