package io.statehouse.node.agent;

import io.statehouse.node.service.Decisions;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of what tools did to the world: of all who ask for one effect under one key, one gets to do it.
 *
 * <p>A claim lasts for as long as its claimer shows signs of life. Of one that ended without a word nobody can say whether the
 * effect happened: it is ambiguous, and nobody does it again, unless the tool was called one that may be repeated: then the claim
 * is granted once more. Somebody who knows settles it.
 */
final class ToolMethods {
    /** How long the outcome under a key is kept unless it is asked otherwise. */
    static final Duration KEEP_USUAL = Duration.ofDays(30);

    private static final Duration KEEP_MAX = Duration.ofDays(3_650);
    private static final Duration CLAIM_USUAL = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);
    private static final long ATTEMPTS_MAX = 1_000;

    /** A repeatable effect whose claimer died is granted so often more. */
    private static final long GRANTED_AGAIN_MAX = 1;

    /** Nobody has said yet what came of it. */
    private static final List<String> UNSETTLED = List.of("running", "ambiguous");

    private static final List<String> CLAIM =
            List.of("key", "tool", "input", "holder", "ttl_ms", "wait_ms", "keep_ms", "is_repeatable", "attempts_max");
    private static final List<String> FINISH = List.of("key", "token", "outcome", "output", "error", "retry_after_ms");

    private ToolMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "tools.claim", new Method(true, CLAIM, ToolMethods::claim),
                "tools.renew", new Method(true, List.of("key", "token", "ttl_ms"), ToolMethods::renew),
                "tools.finish", new Method(true, FINISH, ToolMethods::finish),
                "tools.reconcile",
                        new Method(true, List.of("key", "outcome", "output", "error"), ToolMethods::reconcile),
                "tools.get", new Method(false, List.of("key"), ToolMethods::get));
    }

    /** What somebody asks to be the one to do. */
    private record Wanted(String key, String tool, String inputHash, String holder, long ttlMillis, Params params) {
        static Wanted of(Params params) {
            JsonNode input = IdempotencyKey.canonical("input", params.requiredAny("input"));
            String inputHash = IdempotencyKey.hash(JsonWriter.text(input));
            String key = params.optionalText("key");
            return new Wanted(
                    key == null || key.isEmpty() ? "auto:" + params.name("tool") + ":" + inputHash : key,
                    params.name("tool"),
                    inputHash,
                    params.name("holder"),
                    ttl(params),
                    params);
        }

        long keepMillis() {
            return Math.max(1, params.whole("keep_ms", KEEP_USUAL.toMillis(), KEEP_MAX.toMillis()));
        }

        boolean isRepeatable() {
            return params.flag("is_repeatable");
        }

        long attemptsMax() {
            return Math.max(1, params.whole("attempts_max", 1, ATTEMPTS_MAX));
        }
    }

    private static long ttl(Params params) {
        return Math.max(1, params.whole("ttl_ms", CLAIM_USUAL.toMillis(), LeaseMethods.TTL_MAX.toMillis()));
    }

    private static Key effect(Ask ask, String key) {
        return ask.agent("@tools").key(IdempotencyKey.hash(key));
    }

    /** There for as long as a claimer shows signs of life. */
    private static Key alive(Ask ask, String key) {
        return ask.agent("@tool-claims").key(IdempotencyKey.hash(key));
    }

    /** Claims the effect, or answers what became of it, waiting for that if asked to. */
    private static JsonNode claim(Ask ask, Params params) {
        Wanted wanted = Wanted.of(params);
        long waitMillis = params.whole("wait_ms", 0, LeaseMethods.TTL_MAX.toMillis());
        long end = ask.endOfWait(waitMillis);
        // The same id at every look: until something is committed under it, it is free, and a repetition finds what
        // was.
        JsonNode answer = claimOnce(ask, wanted);
        while (isUnderWay(answer) && System.nanoTime() - end < 0) {
            Pauses.pause(LOOK_INTERVAL);
            answer = claimOnce(ask, wanted);
        }
        return answer;
    }

    private static boolean isUnderWay(JsonNode answer) {
        Doc doc = Doc.of(answer);
        return doc.text("status").equals("running") && !doc.has("token");
    }

    private static JsonNode claimOnce(Ask ask, Wanted wanted) {
        return ask.commit(
                view -> decideClaim(ask, wanted, view),
                done -> {
                    Doc effect = Doc.parse(Objects.requireNonNull(done.value()));
                    return effect.text("status").equals("running") ? granted(effect) : shown(effect);
                },
                (done, present) -> repeated(ask, wanted, done, present));
    }

    private static JsonNode granted(Doc effect) {
        return Doc.of(shown(effect)).with("token", effect.number("token")).toNode();
    }

    /** What became of the effect since it was claimed by this very call; whose the claim still is gets its token again. */
    private static JsonNode repeated(Ask ask, Wanted wanted, Decisions.Done done, StateView present) {
        Entry entry = present.find(effect(ask, wanted.key));
        Doc effect = seen(ask, require(entry, wanted.key), present);
        boolean isOurs = entry != null && entry.version() == done.versions().get(0);
        return isOurs && effect.text("status").equals("running") ? granted(effect) : shown(effect);
    }

    /** The effect as everybody sees it: one whose claimer shows no sign of life is ambiguous before anybody has noted it. */
    private static Doc seen(Ask ask, Doc effect, StateView view) {
        boolean isOver = effect.text("status").equals("running") && !isUnderWay(ask, effect, view);
        return isOver ? ambiguous(effect) : effect;
    }

    private static Doc ambiguous(Doc effect) {
        return effect.with("status", "ambiguous")
                .with("error", "the claimer ended without saying whether the effect happened");
    }

    private static Decisions.Step<JsonNode> decideClaim(Ask ask, Wanted wanted, StateView view) {
        Entry entry = view.find(effect(ask, wanted.key));
        if (entry == null || entry.value() == null) {
            Doc fresh = Doc.empty()
                    .with("key", wanted.key)
                    .with("tool", wanted.tool)
                    .with("input_sha256", wanted.inputHash)
                    .with("attempt", 0)
                    // Above those of all claims before: each was a version of the key, and these go on when it is
                    // forgotten.
                    .with("token", entry == null ? 0 : entry.version())
                    .with("granted_again", 0);
            return grant(ask, wanted, fresh, entry, view);
        }
        Doc effect = Doc.parse(entry.value());
        if (!effect.text("tool").equals(wanted.tool)
                || !effect.text("input_sha256").equals(wanted.inputHash)) {
            throw Ask.broken("key " + wanted.key + " was used for another tool or another input");
        }
        return switch (effect.text("status")) {
            case "running" -> decideRunning(ask, wanted, effect, entry, view);
            case "failed" ->
                effect.number("attempt") < wanted.attemptsMax() && effect.number("not_before") <= ask.nowMillis(view)
                        ? grant(ask, wanted, effect, entry, view)
                        : Ask.answer(shown(effect));
            default -> Ask.answer(shown(effect));
        };
    }

    private static Decisions.Step<JsonNode> decideRunning(
            Ask ask, Wanted wanted, Doc effect, Entry entry, StateView view) {
        if (isUnderWay(ask, effect, view)) {
            return Ask.answer(shown(effect));
        }
        if (wanted.isRepeatable() && effect.number("granted_again") < GRANTED_AGAIN_MAX) {
            effect.with("granted_again", effect.number("granted_again") + 1);
            return grant(ask, wanted, effect, entry, view);
        }
        return Ask.propose(
                List.of(put(ask, wanted.key, ambiguous(effect))),
                List.of(unchanged(ask, wanted.key, entry), new Condition.Absent(alive(ask, wanted.key))));
    }

    /** Whether somebody shows signs of doing it. */
    private static boolean isUnderWay(Ask ask, Doc effect, StateView view) {
        Entry claimer = view.find(alive(ask, effect.text("key")));
        return effect.text("status").equals("running") && claimer != null && !claimer.isTombstone();
    }

    private static Decisions.Step<JsonNode> grant(
            Ask ask, Wanted wanted, Doc effect, @Nullable Entry entry, StateView view) {
        Doc running = effect.with("status", "running")
                .with("attempt", effect.number("attempt") + 1)
                .with("token", effect.number("token") + 1)
                .with("holder", wanted.holder)
                .with("claimed_at", Doc.time(ask.nowMillis(view)))
                .with("keep_ms", wanted.keepMillis())
                .with("not_before", 0)
                .with("output", Doc.NULL)
                .with("error", Doc.NULL);
        Doc holder = Doc.empty().with("holder", wanted.holder);
        return Ask.propose(
                List.of(
                        put(ask, wanted.key, running),
                        new Operation.Put(alive(ask, wanted.key), holder.toJson(), wanted.ttlMillis)),
                List.of(unchanged(ask, wanted.key, entry), new Condition.Absent(alive(ask, wanted.key))));
    }

    /** What came of it is kept for as long as the key is to be, by log time; until somebody has said what, it is kept. */
    private static Operation put(Ask ask, String key, Doc effect) {
        long keepMillis = UNSETTLED.contains(effect.text("status")) ? 0 : effect.number("keep_ms");
        return new Operation.Put(effect(ask, key), effect.toJson(), keepMillis);
    }

    private static Condition unchanged(Ask ask, String key, @Nullable Entry entry) {
        return new Condition.VersionEquals(effect(ask, key), entry == null ? 0 : entry.version());
    }

    private static JsonNode shown(Doc effect) {
        return Doc.empty()
                .with("key", effect.text("key"))
                .with("tool", effect.text("tool"))
                .with("status", effect.text("status"))
                .with("attempt", effect.number("attempt"))
                .with("holder", effect.text("holder"))
                .with("output", effect.node("output"))
                .with("error", effect.node("error"))
                .with("retry_at", effect.number("not_before") == 0 ? null : Doc.time(effect.number("not_before")))
                .toNode();
    }

    private static Doc require(@Nullable Entry entry, String key) {
        if (entry == null || entry.value() == null) {
            throw Ask.notFound("tool effect", key);
        }
        return Doc.parse(entry.value());
    }

    /** Only the claimer of now shows signs of life; whoever was superseded hears it. */
    private static JsonNode renew(Ask ask, Params params) {
        String key = params.name("key");
        long token = params.number("token");
        long ttl = ttl(params);
        return ask.commitVoid(view -> {
            Entry entry = view.find(effect(ask, key));
            Doc effect = require(entry, key);
            if (effect.number("token") != token || !isUnderWay(ask, effect, view)) {
                throw fenced(key);
            }
            return Ask.propose(
                    List.of(new Operation.Put(
                            alive(ask, key),
                            Doc.empty().with("holder", effect.text("holder")).toJson(),
                            ttl)),
                    List.of(unchanged(ask, key, entry), new Condition.Exists(alive(ask, key))));
        });
    }

    private static ServiceException fenced(String key) {
        return new ServiceException(
                ErrorKind.FENCED,
                "the claim on " + key + " is not the caller's any more; nothing was applied",
                Map.of("resource", key));
    }

    /**
     * Says what came of the effect. The claimer is believed also when its claim had ended and the effect was held to be ambiguous:
     * nobody knows better. It is not where another has claimed since.
     */
    private static JsonNode finish(Ask ask, Params params) {
        String key = params.name("key");
        long token = params.number("token");
        return settle(ask, params, (effect, view) -> {
            boolean isOurs = effect.number("token") == token && UNSETTLED.contains(effect.text("status"));
            if (!isOurs) {
                throw fenced(key);
            }
            long retryAfter = params.whole("retry_after_ms", 0, KEEP_MAX.toMillis());
            effect.with("not_before", retryAfter == 0 ? 0 : ask.nowMillis(view) + retryAfter);
        });
    }

    /** Somebody who found out says what came of an ambiguous effect. */
    private static JsonNode reconcile(Ask ask, Params params) {
        return settle(ask, params, (effect, view) -> {
            if (!effect.text("status").equals("ambiguous")) {
                throw Ask.broken("the effect is " + effect.text("status") + ", not ambiguous");
            }
            effect.with("reconciled", true);
        });
    }

    /** What must hold of an effect that is settled, and what else is noted of it. */
    private interface Check {
        void check(Doc effect, StateView view);
    }

    private static JsonNode settle(Ask ask, Params params, Check check) {
        String key = params.name("key");
        String outcome = params.word("outcome", List.of("succeeded", "failed"), null);
        JsonNode output = params.any("output");
        String error = params.optionalText("error");
        return ask.commit(
                view -> {
                    Entry entry = view.find(effect(ask, key));
                    Doc effect = seen(ask, require(entry, key), view);
                    check.check(effect, view);
                    effect.with("status", outcome).with("output", output).with("error", error);
                    return Ask.propose(
                            List.of(put(ask, key, effect), new Operation.Delete(alive(ask, key))),
                            List.of(unchanged(ask, key, entry)));
                },
                done -> shown(Doc.parse(Objects.requireNonNull(done.value()))));
    }

    private static JsonNode get(Ask ask, Params params) {
        String key = params.name("key");
        return ask.read(view -> shown(seen(ask, require(view.find(effect(ask, key)), key), view)));
    }
}
