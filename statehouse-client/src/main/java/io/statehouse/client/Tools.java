package io.statehouse.client;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Effects of tools that happen once, whoever asks for them and however often: of all callers under one key one does it, the
 * others get its outcome.
 *
 * <p>This is as honest as can be, no more: where the one that did it died before it could say so, nobody knows whether the effect
 * happened, and {@link ToolException.Reason#AMBIGUOUS} says that instead of doing it again.
 */
public final class Tools {
    private static final int SIGNS_PER_CLAIM = 3;

    private final AgentClient agents;
    private final ClientOptions options;
    private final String holder;

    Tools(AgentClient agents, ClientOptions options, String holder) {
        this.agents = agents;
        this.options = options;
        this.holder = holder;
    }

    /**
     * Does an effect once for a tool and an input, or gives the outcome of when it was done.
     *
     * @param effect does it and gives what came of it
     * @throws ToolException when there is no outcome to give
     */
    public Json once(String tool, Json input, Callable<Json> effect) {
        return once("", tool, input, effect);
    }

    /**
     * Does an effect once under a key. The same key with another tool or input is refused with RULE_BROKEN.
     *
     * @param key empty = one that is made of the tool and the input
     */
    public Json once(String key, String tool, Json input, Callable<Json> effect) {
        return once(key, tool, input, effect, ToolOptions.DEFAULT);
    }

    /**
     * As {@link #once(String, String, Json, Callable)}, with options. An effect that failed and has attempts left is tried again by
     * the next call that comes late enough; each call tries at most once.
     */
    public Json once(String key, String tool, Json input, Callable<Json> effect, ToolOptions chosen) {
        Map<String, @Nullable Object> ask = new HashMap<>();
        ask.put("key", key.isEmpty() ? null : key);
        ask.put("tool", tool);
        ask.put("input", input.toJava());
        ask.put("holder", holder);
        ask.put("ttl_ms", chosen.claim().toMillis());
        ask.put("attempts_max", chosen.attemptsMax());
        ask.put("is_repeatable", chosen.isRepeatable());
        ask.put("wait_ms", options.callTimeout().toMillis());
        Map<String, @Nullable Object> told = agents.execute("tools.claim", ask).toMap();
        String named = String.valueOf(told.get("key"));
        if (told.get("token") instanceof Number token) {
            // Tokens go on when a key is forgotten, attempts begin anew.
            long attempt = told.get("attempt") instanceof Number counted ? counted.longValue() : 1;
            return run(new Claim(named, token.longValue(), attempt, chosen), effect);
        }
        return switch (String.valueOf(told.get("status"))) {
            case "succeeded" -> Json.of(told.get("output"));
            case "failed" ->
                throw new ToolException(ToolException.Reason.FAILED, named, String.valueOf(told.get("error")), null);
            case "ambiguous" ->
                throw new ToolException(
                        ToolException.Reason.AMBIGUOUS,
                        named,
                        "nobody knows whether " + tool + " happened under key " + named + "; find out and reconcile",
                        null);
            default ->
                throw new ToolException(
                        ToolException.Reason.UNDER_WAY, named, told.get("holder") + " is still doing " + tool, null);
        };
    }

    /**
     * What was granted.
     *
     * @param attempt counted from 1
     */
    private record Claim(String key, long token, long attempt, ToolOptions chosen) {
        long lastsMillis() {
            return chosen.claim().toMillis();
        }
    }

    private Json run(Claim claim, Callable<Json> effect) {
        CountDownLatch over = new CountDownLatch(1);
        Thread signs = new Thread(() -> signal(claim, over), "statehouse-claim-" + claim.key);
        signs.setDaemon(true);
        signs.start();
        try {
            Json output = result(claim, effect);
            finish(claim, "succeeded", output, null);
            return output;
        } finally {
            over.countDown();
        }
    }

    private Json result(Claim claim, Callable<Json> effect) {
        try {
            return effect.call();
        } catch (InterruptedException e) {
            // Interrupted as it is, this thread could not say so.
            failed(claim, e);
            Thread.currentThread().interrupt();
            throw new ToolException(ToolException.Reason.FAILED, claim.key, e.toString(), e);
        } catch (Exception e) {
            failed(claim, e);
            throw new ToolException(ToolException.Reason.FAILED, claim.key, e.toString(), e);
        }
    }

    /** Where this does not come through either, the effect becomes ambiguous; what it failed with is worth more to the caller. */
    private void failed(Claim claim, Exception why) {
        try {
            finish(claim, "failed", null, why.toString());
        } catch (StatehouseException e) {
            why.addSuppressed(e);
        }
    }

    private void signal(Claim claim, CountDownLatch over) {
        long pauseMillis = Math.max(1, claim.lastsMillis() / SIGNS_PER_CLAIM);
        try {
            boolean isOurs = true;
            while (isOurs && !over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                isOurs = renew(claim);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the claim is still ours. A sign that is lost on its way says nothing: the next may come through. */
    private boolean renew(Claim claim) {
        try {
            agents.execute(
                    "tools.renew", Map.of("key", claim.key, "token", claim.token, "ttl_ms", claim.lastsMillis()));
            return true;
        } catch (StatehouseException e) {
            return !(e instanceof StatehouseException.Refused);
        }
    }

    private void finish(Claim claim, String outcome, @Nullable Json output, @Nullable String error) {
        Map<String, @Nullable Object> told = new HashMap<>();
        told.put("key", claim.key);
        told.put("token", claim.token);
        told.put("outcome", outcome);
        told.put("output", output == null ? null : output.toJava());
        told.put("error", error);
        if (error != null) {
            told.put("retry_after_ms", claim.chosen.waitAfter(claim.attempt).toMillis());
        }
        agents.execute("tools.finish", told);
    }

    /** Says what came of an effect that was ambiguous: it succeeded, with this output. */
    public void reconcile(String key, Json output) {
        Map<String, @Nullable Object> told = new HashMap<>();
        told.put("key", key);
        told.put("outcome", "succeeded");
        told.put("output", output.toJava());
        agents.execute("tools.reconcile", told);
    }

    /** Says of an effect that was ambiguous that it did not happen. */
    public void reconcileAsFailed(String key, String error) {
        agents.execute("tools.reconcile", Map.of("key", key, "outcome", "failed", "error", error));
    }
}
