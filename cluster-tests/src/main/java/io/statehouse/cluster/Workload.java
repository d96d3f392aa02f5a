package io.statehouse.cluster;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.Commit;
import io.statehouse.client.Condition;
import io.statehouse.client.Json;
import io.statehouse.client.Read;
import io.statehouse.client.StateKey;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.CallRecord.Change;
import io.statehouse.cluster.CallRecord.Expectation;
import io.statehouse.cluster.CallRecord.Look;
import io.statehouse.cluster.CallRecord.Outcome;
import io.statehouse.cluster.CallRecord.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Agents at work: processes that write, transfer between shared accounts and read, each with a client of its own that knows
 * every node, and record every call.
 */
public final class Workload implements AutoCloseable {
    /** How many accounts there are; their sum never changes. */
    public static final int ACCOUNTS = 6;
    /** What each account starts with. */
    public static final long OPENING_BALANCE = 100;

    private static final String BANK = "bank";
    private static final int KEYS = 5;
    private static final int WRITES_OF_TEN = 5;
    private static final int TRANSFERS_OF_TEN = 2;
    private static final long AMOUNT_MAX = 10;
    private static final Duration PATIENT = Duration.ofSeconds(8);
    // So short that a failover outlasts it, and outcomes that are really unknown occur.
    private static final Duration HASTY = Duration.ofMillis(700);
    private static final Duration TRY = Duration.ofMillis(500);
    // So that a long run stays small enough to be audited whole.
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(10);
    private static final int OUTSIDER = -1;
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final List<Thread> threads = new ArrayList<>();
    private final CallHistory history;
    private volatile boolean isStopping;

    private Workload(CallHistory history) {
        this.history = history;
    }

    /** Opens the accounts and sets the processes to work until they are closed. Every other one is too hasty for a failover. */
    public static Workload start(String endpoints, int processes, Seed seed, CallHistory history) {
        return start(endpoints, processes, seed, history, HASTY);
    }

    /** The same with callers who all wait as long as the client does by itself: none of their calls has to fail. */
    public static Workload startPatient(String endpoints, int processes, Seed seed, CallHistory history) {
        return start(endpoints, processes, seed, history, PATIENT);
    }

    private static Workload start(
            String endpoints, int processes, Seed seed, CallHistory history, Duration patienceOfOthers) {
        var workload = new Workload(history);
        try (var client = StatehouseClient.connect(endpoints)) {
            workload.openAccounts(client);
        }
        for (int i = 0; i < processes; i++) {
            workload.hire(i, endpoints, seed.random(i), i % 2 == 0 ? PATIENT : patienceOfOthers);
        }
        return workload;
    }

    private void openAccounts(StatehouseClient client) {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < ACCOUNTS; i++) {
            changes.add(new Change(account(i), balance(OPENING_BALANCE)));
        }
        write(client, OUTSIDER, changes, List.of());
        if (history.writes(Outcome.OK) == 0) {
            throw new AssertionError("the accounts could not be opened: " + history.records());
        }
    }

    private void hire(int process, String endpoints, RandomGenerator random, Duration patience) {
        var options = ClientOptions.of(endpoints).callTimeout(patience).tryTimeout(TRY);
        var thread = Thread.ofPlatform().name("process-" + process).daemon().start(() -> {
            try (var client = StatehouseClient.connect(options)) {
                for (long turn = 0; !isStopping; turn++) {
                    act(client, process, turn, random);
                    Await.pause(BETWEEN_CALLS);
                }
            }
        });
        threads.add(thread);
    }

    private void act(StatehouseClient client, int process, long turn, RandomGenerator random) {
        int dice = random.nextInt(10);
        if (dice < WRITES_OF_TEN) {
            writeSome(client, process, turn, random);
        } else if (dice < WRITES_OF_TEN + TRANSFERS_OF_TEN) {
            transfer(client, process, random);
        } else {
            look(client, process, StateKey.of("worker-" + random.nextInt(1 + process), key(random)));
        }
    }

    // Sometimes two agents at once: both or neither must be there afterwards.
    private void writeSome(StatehouseClient client, int process, long turn, RandomGenerator random) {
        var value = "{\"process\":" + process + ",\"turn\":" + turn + "}";
        var changes = new ArrayList<Change>();
        changes.add(new Change(StateKey.of("worker-" + process, key(random)), value));
        if (random.nextInt(4) == 0) {
            changes.add(new Change(StateKey.of("witness", "of-" + process), value));
        }
        if (random.nextInt(8) == 0) {
            changes.add(new Change(StateKey.of("worker-" + process, key(random)), null));
        }
        write(client, process, changes, List.of());
    }

    private void transfer(StatehouseClient client, int process, RandomGenerator random) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        var source = look(client, process, account(from));
        var target = look(client, process, account(to));
        if (source == null || target == null) {
            return;
        }
        long amount = 1 + random.nextLong(AMOUNT_MAX);
        var changes = List.of(
                new Change(account(from), balance(balanceIn(source) - amount)),
                new Change(account(to), balance(balanceIn(target) + amount)));
        var expectations = List.of(
                new Expectation(account(from), source.version()), new Expectation(account(to), target.version()));
        write(client, process, changes, expectations);
    }

    private void write(StatehouseClient client, int process, List<Change> changes, List<Expectation> expectations) {
        var id = client.newTransactionId();
        var commit = Commit.builder().id(id);
        for (var change : changes) {
            var json = change.json();
            if (json == null) {
                commit.delete(change.key());
            } else {
                commit.put(change.key(), Json.parse(json));
            }
        }
        expectations.forEach(e -> commit.require(Condition.versionEquals(e.key(), e.version())));
        long called = System.nanoTime();
        try {
            var done = client.commit(commit.build());
            var act = new Write(id, changes, expectations, done.commitTs(), done.versions(), "");
            history.add(new CallRecord(process, called, System.nanoTime(), Outcome.OK, act));
        } catch (StatehouseException e) {
            var outcome = e instanceof StatehouseException.OutcomeUnknown ? Outcome.UNKNOWN : Outcome.FAIL;
            var act = new Write(id, changes, expectations, 0, List.of(), String.valueOf(e.getMessage()));
            history.add(new CallRecord(process, called, System.nanoTime(), outcome, act));
        }
    }

    private io.statehouse.client.@Nullable Entry look(StatehouseClient client, int process, StateKey key) {
        long called = System.nanoTime();
        try {
            var seen = client.get(key, Read.linearizable());
            history.add(new CallRecord(process, called, System.nanoTime(), Outcome.OK, new Look(key, seen)));
            return seen;
        } catch (StatehouseException e) {
            history.add(new CallRecord(process, called, System.nanoTime(), Outcome.UNKNOWN, new Look(key, null)));
            return null;
        }
    }

    private static StateKey account(int number) {
        return StateKey.of(BANK, "account-" + number);
    }

    private static String balance(long amount) {
        return "{\"balance\":" + amount + "}";
    }

    private static long balanceIn(io.statehouse.client.Entry entry) {
        return ((Number)
                        java.util.Objects.requireNonNull(entry.require().toMap().get("balance")))
                .longValue();
    }

    private static String key(RandomGenerator random) {
        return "key-" + random.nextInt(KEYS);
    }

    /** Puts a value beside the workload; recorded with it. */
    public void put(StatehouseClient client, StateKey key, String json) {
        write(client, OUTSIDER, List.of(new Change(key, json)), List.of());
    }

    /** Waits until one more write is answered than now. */
    public void awaitAcknowledgement(Duration atMost) {
        long before = history.writes(Outcome.OK);
        Await.until("a write is answered", atMost, () -> history.writes(Outcome.OK) > before);
    }

    /** Lets the running calls end and stops. */
    @Override
    public void close() {
        isStopping = true;
        for (var thread : threads) {
            try {
                if (!thread.join(STOP_MAX)) {
                    throw new AssertionError(thread.getName() + " hangs in a call beyond its deadline");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the workload was stopping", e);
            }
        }
    }
}
