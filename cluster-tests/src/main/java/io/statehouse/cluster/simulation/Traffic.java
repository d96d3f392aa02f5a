package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.state.Applied;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What callers ask in a simulation: mostly sense, and everything a careless or unlucky client does. */
final class Traffic {
    private static final int COMMANDS_PER_BATCH_MAX = 5;
    private static final int CONDITIONS_MAX = 3;
    private static final int TTL_MILLIS_MAX = 5_000;
    private static final int RULE_MAX = 4;
    private static final int SALT_BYTES = 16;
    private static final long UUID_V7_BITS = 0x7000L;
    private static final long UUID_VARIANT_BITS = 0x8000_0000_0000_0000L;
    private static final int TIME_SHIFT = 16;
    /** One of those that write. */
    static final Agent AN_AGENT = new Agent("default", "ada");

    private static final List<Key> KEYS = keys();

    private final RandomGenerator random;
    private final Limits limits;
    private final List<Command> asked = new ArrayList<>();
    private long wallMillis = 1_700_000_000_000L;
    private long batches;

    Traffic(RandomGenerator random, Limits limits) {
        this.random = random;
        this.limits = limits;
    }

    private static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (Agent agent :
                List.of(AN_AGENT, new Agent("default", "a"), new Agent("a", "da"), new Agent("n\0s", "a/b"))) {
            for (String name : List.of("k", "k\0", "k\u0001", "k/1", "\u00fc:#\n", "k2")) {
                keys.add(agent.key(name));
            }
        }
        return List.copyOf(keys);
    }

    /**
     * The next entry of the log, as a leader would propose it.
     *
     * @param leader what the leader has applied
     */
    LoggedBatch next(CommitTs latest, Applied leader) {
        passTime();
        List<Command> commands = new ArrayList<>();
        for (int i = random.nextInt(COMMANDS_PER_BATCH_MAX) + 1; i > 0; i--) {
            commands.add(command(latest));
        }
        if (random.nextInt(4) == 0) {
            commands.add(new CheckDigest(leader.commitTs(), leader.digest()));
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new LoggedBatch(new Stamp(wallMillis, salt), 1, ++batches, commands);
    }

    /** Clocks of successive leaders disagree, and sometimes nobody writes for longer than ids are remembered. */
    private void passTime() {
        long retention = limits.txnIdRetention().toMillis();
        wallMillis += switch (random.nextInt(20)) {
            case 0 -> -random.nextLong(retention);
            case 1, 2 -> random.nextLong(2 * retention);
            default -> random.nextLong(retention / 20);
        };
    }

    private Command command(CommitTs latest) {
        if (random.nextInt(8) == 0) {
            return switch (random.nextInt(5)) {
                case 0 -> new RaiseFeatureLevel(1 + random.nextInt(FeatureLevel.LATEST));
                case 1, 2 -> new ExpireDue();
                default -> new RetainDue();
            };
        }
        Command command = switch (asked.isEmpty() ? 9 : random.nextInt(12)) {
            case 10, 11 -> setRetention();
            case 0, 1 -> asked.get(random.nextInt(asked.size()));
            case 2 -> new ResolveTransaction(pastOrNewId());
            case 3 -> commit(pastOrNewId(), latest);
            default -> commit(newId(), latest);
        };
        asked.add(command);
        return command;
    }

    private SetRetention setRetention() {
        String namespace = key().agent().namespace();
        long ageMillis = limits.txnIdRetention().toMillis();
        return new SetRetention(
                pastOrNewId(), namespace, new RetentionPolicy(rule(2 * ageMillis), rule(RULE_MAX), rule(RULE_MAX)));
    }

    private long rule(long max) {
        return random.nextBoolean() ? 1 + random.nextLong(max) : 0;
    }

    private TxnId pastOrNewId() {
        return random.nextInt(3) == 0 || asked.isEmpty()
                ? newId()
                : asked.get(random.nextInt(asked.size())).txnId();
    }

    private TxnId newId() {
        if (random.nextBoolean()) {
            return new TxnId("order-" + random.nextLong(1L << 40));
        }
        long time = wallMillis
                - (random.nextInt(8) == 0
                        ? random.nextLong(2 * limits.txnIdRetention().toMillis())
                        : 0);
        long high = (time << TIME_SHIFT) | UUID_V7_BITS | random.nextInt(1 << 12);
        return new TxnId(new UUID(high, UUID_VARIANT_BITS | (random.nextLong() >>> 2)).toString());
    }

    private CommitTransaction commit(TxnId id, CommitTs latest) {
        int operationsMax = limits.transactionOperationsMax() + (random.nextInt(20) == 0 ? 2 : 0);
        List<Operation> operations = new ArrayList<>();
        for (int i = random.nextInt(operationsMax + 1); i > 0; i--) {
            operations.add(operation());
        }
        List<Condition> conditions = new ArrayList<>();
        for (int i = random.nextInt(2 * CONDITIONS_MAX) - CONDITIONS_MAX; i > 0; i--) {
            conditions.add(condition(latest));
        }
        List<ReadRecord> reads = new ArrayList<>();
        for (int i = random.nextInt(2); i > 0; i--) {
            reads.add(new ReadRecord(key(), random.nextInt(5)));
        }
        var origin = new Origin("actor" + random.nextInt(3), "", List.of(new Origin.Label("l", "v")));
        return new CommitTransaction(id, operations, conditions, reads, origin);
    }

    private Operation operation() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Operation.Delete(key());
            case 2 -> new Operation.Append(key(), value(), lifetime());
            case 3 -> edit();
            default -> new Operation.Put(key(), value(), lifetime());
        };
    }

    /** Edits that fit an empty object or what they made of one, and mostly not what else the key may hold. */
    private Operation edit() {
        return switch (random.nextInt(4)) {
            case 0 -> edit(Operation.Change.ADD, "{\"n\":0.001}");
            case 1 -> edit(Operation.Change.ADD, "2");
            case 2 -> edit(Operation.Change.MERGE_PATCH, "{\"n\":1,\"gone\":null}");
            default -> edit(Operation.Change.JSON_PATCH, "[{\"op\":\"test\",\"path\":\"/n\",\"value\":1}]");
        };
    }

    private Operation edit(Operation.Change change, String json) {
        return new Operation.Edit(key(), change, Json.ofTrusted(json.getBytes(StandardCharsets.UTF_8)));
    }

    private Lifetime lifetime() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Lifetime.Lasting(1 + random.nextInt(TTL_MILLIS_MAX));
            case 2 -> new Lifetime.Until(wallMillis + random.nextInt(2 * TTL_MILLIS_MAX) - TTL_MILLIS_MAX);
            default -> new Lifetime.Unbounded();
        };
    }

    private Condition condition(CommitTs latest) {
        return switch (random.nextInt(6)) {
            case 0 -> new Condition.Exists(key());
            case 1 -> new Condition.Absent(key());
            case 2 -> new Condition.VersionEquals(key(), random.nextInt(4));
            case 3 -> new Condition.AgentUnchangedSince(key().agent(), lately(latest));
            default -> new Condition.UnchangedSince(key(), lately(latest));
        };
    }

    private CommitTs lately(CommitTs latest) {
        return new CommitTs(Math.max(0, latest.value() - random.nextInt(6)));
    }

    private Key key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private Json value() {
        int length = random.nextInt(25) == 0 ? limits.valueBytesMax() : random.nextInt(limits.valueBytesMax() - 1);
        String text = "\"" + "x".repeat(length) + "\"";
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
