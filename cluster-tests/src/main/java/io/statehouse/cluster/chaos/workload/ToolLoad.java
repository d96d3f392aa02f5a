package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Members;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * W14: callers race for the claims of effects, finish what they claimed or fall silent, and others ask for the same effects again, at
 * once and long after. When all is over each effect is asked what became of it.
 */
public final class ToolLoad implements Workload {
    private static final int PROCESSES = 2;
    private static final int RECENT = 3;
    private static final int NEW_PERCENT = 25;
    private static final int LONG_AGO_PERCENT = 20;
    private static final int SILENT_PERCENT = 15;
    private static final int TRIES_MAX = 20;
    private static final long TTL_MILLIS = 1_500;

    private final AtomicLong effects = new AtomicLong();
    private final AtomicLong outputs = new AtomicLong();
    private final AtomicBoolean isAsked = new AtomicBoolean();

    @Override
    public Load load() {
        return Load.TOOLS;
    }

    @Override
    public List<String> checkers() {
        return List.of("tools");
    }

    @Override
    public int processes() {
        return PROCESSES;
    }

    private static String key(long effect) {
        return "effect-" + effect;
    }

    @Override
    public Actor hire(Desk desk) {
        return new Caller(desk);
    }

    /** One who asks for effects. */
    private final class Caller implements Actor {
        private final Desk desk;

        Caller(Desk desk) {
            this.desk = desk;
        }

        @Override
        public void act() {
            long effect = effect();
            Response response = somebody()
                    .execute(
                            desk.client().newId(),
                            "tools.claim",
                            Map.of(
                                    "key",
                                    key(effect),
                                    "tool",
                                    "send",
                                    "input",
                                    Map.of("number", effect),
                                    "holder",
                                    "process-" + desk.process(),
                                    "ttl_ms",
                                    TTL_MILLIS,
                                    "is_repeatable",
                                    effect % 2 == 0));
            long token = response instanceof Response.Answered answered
                    ? Members.parse(answered.json()).numberOr("token", 0)
                    : 0;
            if (token > 0 && !desk.chance(SILENT_PERCENT)) {
                finish(effect, token);
            }
        }

        private long effect() {
            long newest = effects.get();
            if (newest == 0 || desk.chance(NEW_PERCENT)) {
                return effects.incrementAndGet();
            }
            long oldest = desk.chance(LONG_AGO_PERCENT) ? 1 : Math.max(1, newest - RECENT);
            return desk.random().nextLong(oldest, newest + 1);
        }

        private RecordedClient somebody() {
            return desk.chance(50) ? desk.client() : desk.anyNode();
        }

        private void finish(long effect, long token) {
            var unused = somebody()
                    .execute(
                            desk.client().newId(),
                            "tools.finish",
                            Map.of(
                                    "key",
                                    key(effect),
                                    "token",
                                    token,
                                    "outcome",
                                    "succeeded",
                                    "output",
                                    Map.of("n", outputs.incrementAndGet())));
        }

        @Override
        public void finish(CommitTs last) {
            if (isAsked.getAndSet(true)) {
                return;
            }
            for (long effect = 1; effect <= effects.get(); effect++) {
                ask(effect);
            }
        }

        /** One that nobody got to claim is refused as not there, and that is an answer. */
        private void ask(long effect) {
            for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
                Response response = desk.client().query("tools.get", Map.of("key", key(effect)));
                boolean isMissing = response instanceof Response.Refused refused
                        && refused.code().equals(Response.Refused.KEY_NOT_FOUND);
                if (response instanceof Response.Answered || isMissing) {
                    return;
                }
            }
            throw new IllegalStateException("nobody says what became of " + key(effect));
        }
    }
}
