package io.statehouse.statemachine;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.state.StateDigest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/** Logs that try everything: hostile names, repeated and reused ids, conditions that fail, limits passed, clocks that jump. */
public final class RandomLog {
    /** Small enough that random commands pass every one of them now and then. */
    public static final Limits LIMITS = new Limits(40, 24, 64, 200, 4, 160, 3, 3, 24, Duration.ofSeconds(60));

    /** Names that break careless keys: separators, terminators, empty-looking ones, and more than one way to write a letter. */
    public static final List<String> HOSTILE = List.of(
            "a",
            "a/b",
            "a:b",
            "a#b",
            "\0",
            "a\0",
            "a\0\0",
            "a\0\1",
            "\1",
            "\n",
            " ",
            "\u00ff",
            "\uffff",
            "\ud83d\ude00",
            "\u0131",
            "I",
            "e\u0301",
            "\u00e9",
            "~",
            "..");

    private static final int BATCH_MILLIS_MAX = 8_000;

    private final Random random;
    private final List<Command> made = new ArrayList<>();
    private long clockMillis = 1_800_000_000_000L;
    private long batchId;

    public RandomLog(Random random) {
        this.random = random;
    }

    public List<LoggedBatch> batches(int count, int commandsMax) {
        List<LoggedBatch> batches = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            batches.add(batch(1 + random.nextInt(commandsMax)));
        }
        return batches;
    }

    public LoggedBatch batch(int commands) {
        // A new leader's clock may be behind.
        clockMillis += random.nextInt(BATCH_MILLIS_MAX) - BATCH_MILLIS_MAX / 8;
        List<Command> batch = new ArrayList<>();
        for (int index = 0; index < commands; index++) {
            batch.add(command());
        }
        return new LoggedBatch(stamp(), 7, batchId++, batch);
    }

    public Stamp stamp() {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return new Stamp(clockMillis, salt);
    }

    public Command command() {
        Command command = switch (random.nextInt(20)) {
            case 0, 1, 2 -> made.isEmpty() ? commit(freshId()) : anyMade();
            case 3 -> made.isEmpty() ? commit(freshId()) : commit(anyMade().txnId());
            case 4 ->
                new ResolveTransaction(made.isEmpty() ? freshId() : anyMade().txnId());
            case 5 -> new ResolveTransaction(freshId());
            case 6, 7 -> unasked();
            default -> commit(freshId());
        };
        made.add(command);
        return command;
    }

    private Command unasked() {
        return switch (random.nextInt(10)) {
            case 9 -> new RaiseFeatureLevel(random.nextInt(FeatureLevel.LATEST + 1));
            case 0 -> new CheckDigest(CommitTs.ZERO, StateDigest.EMPTY);
            case 1 -> new ExpireDue();
            case 2 -> new RetainDue();
            case 3 -> setRetention();
            case 4 -> setQuota();
            case 5, 6 -> token();
            default -> commit(badId());
        };
    }

    private Command token() {
        TxnId id = random.nextInt(5) == 0 && !made.isEmpty() ? anyMade().txnId() : freshId();
        String name = random.nextInt(20) == 0 ? hostile(HOSTILE.size()) : "token-" + random.nextInt(6);
        if (random.nextInt(3) == 0) {
            return new RevokeToken(id, name, random.nextBoolean() ? "" : hash());
        }
        String hash = random.nextInt(20) == 0 ? "short" : hash();
        return new CreateToken(
                id,
                new AccessToken(
                        name, hash, list(3, this::grant), "me", random.nextInt(3) == 0 ? random.nextInt(9) - 1 : 0, 0));
    }

    private String hash() {
        return String.format(Locale.ROOT, "%064x", random.nextInt(9));
    }

    private Grant grant() {
        Role[] roles = Role.values();
        return new Grant(roles[random.nextInt(roles.length)], random.nextInt(20) == 0 ? "" : hostile(4));
    }

    private SetRetention setRetention() {
        return new SetRetention(
                random.nextInt(5) == 0 && !made.isEmpty() ? anyMade().txnId() : freshId(),
                random.nextInt(20) == 0 ? "" : hostile(4),
                new RetentionPolicy(rule(30 * BATCH_MILLIS_MAX), rule(40), rule(5)));
    }

    private SetQuota setQuota() {
        return new SetQuota(
                random.nextInt(5) == 0 && !made.isEmpty() ? anyMade().txnId() : freshId(),
                random.nextInt(20) == 0 ? "" : hostile(4),
                new Quota(rule(800), rule(4), rule(9)));
    }

    private long rule(int max) {
        return random.nextInt(3) > 0 ? 0 : random.nextInt(40) == 0 ? -1 : 1 + random.nextInt(max);
    }

    /** Every id a command of this log carried. */
    public List<TxnId> ids() {
        return made.stream().map(Command::txnId).distinct().toList();
    }

    public Key key() {
        Agent agent = new Agent(hostile(4), hostile(6));
        return agent.key(hostile(HOSTILE.size()));
    }

    public Json json() {
        return Json.ofTrusted(("{\"" + "x".repeat(random.nextInt(16)) + "\":" + random.nextInt(1_000) + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private Command anyMade() {
        // Mostly recent ones, as retries are.
        int back = random.nextBoolean() ? Math.min(made.size(), 10) : made.size();
        return made.get(made.size() - 1 - random.nextInt(back));
    }

    private TxnId freshId() {
        if (random.nextInt(4) == 0) {
            return new TxnId("opaque-" + random.nextInt(200));
        }
        long madeAt = clockMillis - (random.nextInt(10) == 0 ? random.nextInt(200_000) : 0);
        return new TxnId(String.format(
                Locale.ROOT,
                "%08x-%04x-7%03x-8000-%012x",
                madeAt >>> 16,
                madeAt & 0xFFFF,
                1,
                random.nextLong() >>> 16));
    }

    private TxnId badId() {
        return new TxnId(random.nextBoolean() ? "" : "x".repeat(LIMITS.idBytesMax() + 1 + random.nextInt(5)));
    }

    private CommitTransaction commit(TxnId id) {
        return new CommitTransaction(
                id,
                list(5, this::operation),
                random.nextInt(3) == 0 ? list(4, this::condition) : List.of(),
                random.nextInt(5) == 0 ? list(4, this::read) : List.of(),
                random.nextInt(5) == 0 ? origin() : Origin.NONE);
    }

    private Operation operation() {
        Key key = random.nextInt(60) == 0 ? badKey() : key();
        return switch (random.nextInt(16)) {
            case 12 -> new Operation.Append(key, json(), random.nextInt(3) == 0 ? lasting() : new Lifetime.Unbounded());
            case 13, 14, 15 -> edit(key);
            case 0, 1, 2 -> new Operation.Delete(key);
            case 3 -> new Operation.Put(key, random.nextInt(4) == 0 ? bigJson() : json());
            case 4, 5, 6 ->
                new Operation.Put(key, json(), random.nextInt(40) == 0 ? -1 : 1 + random.nextInt(5 * BATCH_MILLIS_MAX));
            case 7 -> new Operation.Put(key, json(), new Lifetime.Until(until()));
            default -> new Operation.Put(key, json());
        };
    }

    private Lifetime lasting() {
        return new Lifetime.Lasting(1 + random.nextInt(5 * BATCH_MILLIS_MAX));
    }

    /** Edits that fit what keys mostly hold, and ones that do not. */
    private Operation edit(Key key) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Operation.Edit(key, Operation.Change.ADD, text("{\"\":0.1,\"x\":1e2}"));
            case 3 -> new Operation.Edit(key, Operation.Change.ADD, text("1.50"));
            case 4, 5 -> new Operation.Edit(key, Operation.Change.MERGE_PATCH, text("{\"x\":null,\"y\":[1]}"));
            case 6 ->
                new Operation.Edit(
                        key, Operation.Change.JSON_PATCH, text("[{\"op\":\"add\",\"path\":\"/y\",\"value\":[]}]"));
            default ->
                new Operation.Edit(key, Operation.Change.JSON_PATCH, text("[{\"op\":\"remove\",\"path\":\"/y\"}]"));
        };
    }

    private static Json text(String json) {
        return Json.ofTrusted(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A moment about now: it may have come when the put is applied, or not, or be none. */
    private long until() {
        return random.nextInt(40) == 0
                ? -1
                : Math.max(0, clockMillis + random.nextInt(4 * BATCH_MILLIS_MAX) - BATCH_MILLIS_MAX);
    }

    private Condition condition() {
        Key key = key();
        return switch (random.nextInt(5)) {
            case 0 -> new Condition.VersionEquals(key, random.nextInt(3));
            case 1 -> new Condition.Exists(key);
            case 2 -> new Condition.Absent(key);
            case 3 -> new Condition.AgentUnchangedSince(key.agent(), new CommitTs(random.nextInt(made.size() + 1)));
            default -> new Condition.UnchangedSince(key, new CommitTs(random.nextInt(made.size() + 1)));
        };
    }

    private ReadRecord read() {
        return new ReadRecord(key(), random.nextInt(5));
    }

    private Origin origin() {
        return new Origin(
                "me",
                "trace",
                List.of(new Origin.Label("label", hostile(HOSTILE.size()).repeat(5))));
    }

    private Key badKey() {
        return switch (random.nextInt(4)) {
            case 0 -> new Agent("", "a").key("k");
            case 1 -> new Agent("n", "").key("k");
            case 2 -> new Agent("n", "a").key("");
            default -> new Agent(new Timeline(1), "n", "a").key("k".repeat(random.nextInt(40)));
        };
    }

    private static Json bigJson() {
        return Json.ofTrusted(("\"" + "x".repeat(LIMITS.valueBytesMax()) + "\"").getBytes(StandardCharsets.UTF_8));
    }

    private String hostile(int among) {
        return HOSTILE.get(random.nextInt(among));
    }

    private <T> List<T> list(int max, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        int count = random.nextInt(max + 1);
        for (int index = 0; index < count; index++) {
            items.add(item.get());
        }
        return items;
    }
}
