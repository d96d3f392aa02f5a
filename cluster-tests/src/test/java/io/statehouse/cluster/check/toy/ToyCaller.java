package io.statehouse.cluster.check.toy;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Step;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One process of a toy run: what it asks next, from what it was last told. */
final class ToyCaller {
    static final Agent REGISTERS = new Agent("toy", "registers");
    static final Agent SET = new Agent("toy", "set");
    static final Agent LISTS = new Agent("toy", "lists");
    static final Agent BANK = new Agent("toy", "bank");
    static final Agent ONCE = new Agent("toy", "once");
    static final Agent STAGED = new Agent("toy", "staged");
    static final int ACCOUNTS = 4;
    static final long BALANCE = 100;

    private final Load load;
    private final int process;
    private final RandomGenerator random;
    private final List<CommitTs> pasts = new ArrayList<>();
    private long asked;
    private CommitTs seen = CommitTs.ZERO;
    private long seenVersion;
    private List<Response.Row> accounts = List.of();
    private @Nullable TxnId staging;
    private int stage;

    ToyCaller(Load load, int process, RandomGenerator random) {
        this.load = load;
        this.process = process;
        this.random = random;
    }

    Load load() {
        return load;
    }

    void told(@Nullable Response response) {
        if (response instanceof Response.Found found) {
            seen = found.readTs();
            seenVersion = found.version();
        } else if (response instanceof Response.Scanned scanned) {
            seen = scanned.readTs();
            accounts = scanned.rows();
        } else if (response instanceof Response.Begun begun) {
            staging = begun.txnId();
            stage = 1;
        } else if (response instanceof Response.Conflict conflict) {
            seenVersion = conflict.currentVersion();
        }
    }

    Request next() {
        asked++;
        return switch (load) {
            case REGISTER -> register();
            case SET -> set();
            case APPEND -> append();
            case BANK -> bank();
            case IDEMPOTENCY -> once();
            case STAGED -> staged();
            case TIME_TRAVEL, MIXED, WATCH, AUDIT -> past();
            case SESSIONS, TOOLS -> throw new IllegalStateException("no toy has agents");
        };
    }

    private TxnId id() {
        return new TxnId("t-" + process + "-" + asked);
    }

    private Operation put(Key key) {
        return new Operation.Put(key, ToyStore.json(Long.toString(1_000L * asked + process)));
    }

    private Request register() {
        Key key = REGISTERS.key("r" + random.nextInt(2));
        return switch (random.nextInt(8)) {
            case 0 -> new Request.Commit(id(), List.of(put(key)), List.of());
            case 1 -> new Request.Commit(id(), List.of(new Operation.Delete(key)), List.of());
            case 2 -> new Request.Commit(id(), List.of(put(key)), List.of(anyCondition(key)));
            case 3, 4 ->
                new Request.Commit(id(), List.of(put(key)), List.of(new Condition.VersionEquals(key, seenVersion)));
            default -> new Request.Read(key, ReadPoint.LATEST);
        };
    }

    private Condition anyCondition(Key key) {
        return switch (random.nextInt(3)) {
            case 0 -> new Condition.Exists(key);
            case 1 -> new Condition.Absent(key);
            default -> new Condition.UnchangedSince(key, seen);
        };
    }

    private Request set() {
        return random.nextInt(4) == 0
                ? new Request.Scan(SET, "", ReadPoint.LATEST)
                : new Request.Commit(id(), List.of(put(SET.key("e" + process + "-" + asked))), List.of());
    }

    private Request append() {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int step = 0; step < count; step++) {
            Key list = LISTS.key("l" + random.nextInt(3));
            steps.add(
                    random.nextBoolean()
                            ? new Step.ReadList(list)
                            : new Step.AppendElement(list, 10_000L * process + 10 * asked + step));
        }
        return new Request.Append(id(), steps);
    }

    static Request openBank() {
        List<Operation> operations = new ArrayList<>();
        for (int account = 0; account < ACCOUNTS; account++) {
            operations.add(new Operation.Put(BANK.key("a" + account), ToyStore.json(Long.toString(BALANCE))));
        }
        return new Request.Commit(new TxnId("open"), operations, List.of());
    }

    private Request bank() {
        if (accounts.isEmpty() || random.nextInt(3) == 0) {
            ReadPoint at = random.nextInt(3) == 0 && seen.value() > 1 ? new ReadPoint.AtCommit(seen) : ReadPoint.LATEST;
            return new Request.Scan(BANK, "", at);
        }
        Response.Row from = accounts.get(random.nextInt(accounts.size()));
        Response.Row to = accounts.get(random.nextInt(accounts.size()));
        long amount = random.nextLong(1, 30);
        long balance = Long.parseLong(from.value().toString());
        accounts = List.of();
        if (from.equals(to) || balance < amount) {
            return new Request.Scan(BANK, "", ReadPoint.LATEST);
        }
        long received = Long.parseLong(to.value().toString()) + amount;
        Key giver = BANK.key(from.name());
        Key taker = BANK.key(to.name());
        return new Request.Commit(
                id(),
                List.of(
                        new Operation.Put(giver, ToyStore.json(Long.toString(balance - amount))),
                        new Operation.Put(taker, ToyStore.json(Long.toString(received)))),
                List.of(
                        new Condition.VersionEquals(giver, from.version()),
                        new Condition.VersionEquals(taker, to.version())));
    }

    /** Two processes of this load use the same ids at about the same time. */
    private Request once() {
        long number = asked / 3;
        boolean isOther = random.nextInt(6) == 0;
        Key key = ONCE.key("k" + number);
        return new Request.Commit(
                new TxnId("once-" + number),
                List.of(new Operation.Put(key, ToyStore.json(isOther ? "-" + asked : Long.toString(number)))),
                List.of());
    }

    private Request staged() {
        TxnId id = staging;
        if (id == null || stage > 5) {
            stage = 0;
            return new Request.Begin();
        }
        stage++;
        if (stage <= 3) {
            return new Request.Stage(id, put(STAGED.key("s" + stage)));
        }
        boolean isAbort = stage == 4 && random.nextBoolean();
        return isAbort ? new Request.Abort(id) : new Request.CommitStaged(id);
    }

    private Request past() {
        if (seen.value() == 0 || random.nextInt(4) == 0) {
            return new Request.Read(REGISTERS.key("r0"), ReadPoint.LATEST);
        }
        pasts.add(seen);
        CommitTs at = pasts.get(random.nextInt(pasts.size()));
        return random.nextBoolean()
                ? new Request.Read(REGISTERS.key("r0"), new ReadPoint.AtCommit(at))
                : new Request.Scan(SET, "", new ReadPoint.AtCommit(at));
    }
}
