package io.statehouse.cluster.check.toy;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Replay;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.workload.BankChecker;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Callers against the toy store under a clock that is only a number: every call takes effect at one moment of its window, so
 * the history is legal unless the store has a bug.
 *
 * <p>Time is coarse on purpose, so that calls and returns often fall on the same moment.
 */
public final class ToyRun {
    private static final List<Load> PROCESSES = List.of(
            Load.REGISTER,
            Load.REGISTER,
            Load.REGISTER,
            Load.SET,
            Load.SET,
            Load.APPEND,
            Load.APPEND,
            Load.BANK,
            Load.BANK,
            Load.IDEMPOTENCY,
            Load.IDEMPOTENCY,
            Load.STAGED,
            Load.STAGED,
            Load.TIME_TRAVEL);
    private static final int WINDOW_MAX = 8;
    private static final int GAP_MAX = 3;
    private static final int LATE_MAX = 60;
    private static final int ODDS = 40;

    private final Bug bug;
    private final int operations;
    private final RandomGenerator random;
    private final ToyStore store;
    private final List<ToyCaller> callers = new ArrayList<>();
    private final PriorityQueue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::effectAt).thenComparingLong(Pending::id));
    private final List<Call> calls = new ArrayList<>();
    private final Map<CommitTs, Long> committedAt = new HashMap<>();
    private long ids;
    private long now;

    /** A call underway. */
    private record Pending(long id, int process, long callAt, long effectAt, Request request, Fate fate) {}

    private enum Fate {
        ANSWERED,
        REFUSED,
        LOST_REQUEST,
        LOST_ANSWER
    }

    private ToyRun(long seed, Bug bug, int operations) {
        this.bug = bug;
        this.operations = operations;
        this.random = new SplittableRandom(seed);
        this.store = new ToyStore(bug, random);
    }

    /** A whole history of about so many calls. */
    public static History of(long seed, Bug bug, int operations) {
        return new ToyRun(seed, bug, operations).run();
    }

    private History run() {
        record(Load.BANK, ToyCaller.openBank());
        for (int process = 0; process < PROCESSES.size(); process++) {
            callers.add(new ToyCaller(PROCESSES.get(process), process, random));
            schedule(process, now);
        }
        while (!pending.isEmpty()) {
            splitOrHeal();
            finish(pending.remove());
        }
        store.heal();
        now += LATE_MAX;
        for (Agent agent : List.of(ToyCaller.SET, ToyCaller.BANK, ToyCaller.LISTS, ToyCaller.STAGED)) {
            record(Load.AUDIT, new Request.Scan(agent, "", ReadPoint.LATEST));
        }
        record(Load.AUDIT, new Request.Read(ToyCaller.REGISTERS.key("r0"), ReadPoint.LATEST));
        return history();
    }

    private void splitOrHeal() {
        if (bug == Bug.SPLIT_BRAIN && ids == operations * 2L / 5) {
            store.split();
        } else if (ids == operations * 4L / 5) {
            store.heal();
        }
    }

    /** A call with nobody beside it. */
    private void record(Load load, Request request) {
        now += GAP_MAX;
        Response answer = store.execute(request, false);
        note(answer);
        calls.add(new Call(++ids, -1, load, now, now + 1, now + 1, Outcome.OK, "n1", request, answer));
        now += GAP_MAX;
    }

    private void schedule(int process, long from) {
        if (ids >= operations) {
            return;
        }
        Request request = callers.get(process).next();
        long callAt = from + random.nextInt(GAP_MAX);
        Fate fate = fate(request);
        int late = bug == Bug.EARLY_ACKNOWLEDGEMENT || fate == Fate.LOST_ANSWER ? LATE_MAX : WINDOW_MAX;
        pending.add(new Pending(++ids, process, callAt, callAt + random.nextInt(late), request, fate));
    }

    private Fate fate(Request request) {
        if (request.commits() == null) {
            return Fate.ANSWERED;
        }
        int odds = bug == Bug.FAILED_BUT_APPLIED ? ODDS / 4 : ODDS;
        return switch (random.nextInt(odds)) {
            case 0 -> Fate.LOST_ANSWER;
            case 1 -> Fate.LOST_REQUEST;
            case 2 -> Fate.REFUSED;
            default -> Fate.ANSWERED;
        };
    }

    private void finish(Pending call) {
        now = Math.max(now, call.effectAt());
        boolean isApplied = call.fate() == Fate.ANSWERED || call.fate() == Fate.LOST_ANSWER || isAppliedAnyway(call);
        Response response = isApplied ? store.execute(call.request(), call.process() % 2 == 1) : null;
        if (response != null) {
            note(response);
        }
        long returnAt = call.effectAt() + random.nextInt(WINDOW_MAX);
        if (bug == Bug.EARLY_ACKNOWLEDGEMENT && call.request().commits() != null) {
            returnAt = call.callAt();
        }
        ToyCaller caller = callers.get(call.process());
        calls.add(recorded(call, returnAt, response, caller.load()));
        caller.told(call.fate() == Fate.ANSWERED ? response : null);
        schedule(call.process(), Math.max(now, returnAt));
    }

    private boolean isAppliedAnyway(Pending call) {
        if (call.fate() != Fate.REFUSED) {
            return false;
        }
        return bug == Bug.FAILED_BUT_APPLIED || (bug == Bug.ABORTED_READ && call.request() instanceof Request.Append);
    }

    private Call recorded(Pending call, long returnAt, @Nullable Response response, Load load) {
        Outcome outcome = switch (call.fate()) {
            case ANSWERED -> isRefusal(response) ? Outcome.FAIL : Outcome.OK;
            case REFUSED -> Outcome.FAIL;
            case LOST_REQUEST, LOST_ANSWER -> Outcome.UNKNOWN;
        };
        Response answer = call.fate() == Fate.ANSWERED ? response : null;
        long last = outcome == Outcome.UNKNOWN ? Call.NEVER : returnAt;
        return new Call(
                call.id(), call.process(), load, call.callAt(), last, returnAt, outcome, "n1", call.request(), answer);
    }

    private static boolean isRefusal(@Nullable Response response) {
        return response instanceof Response.Conflict || response instanceof Response.Refused;
    }

    private void note(Response response) {
        if (response instanceof Response.Committed committed) {
            committedAt.putIfAbsent(committed.commitTs(), now);
        } else if (response instanceof Response.Lists lists) {
            committedAt.putIfAbsent(lists.commitTs(), now);
        }
    }

    private History history() {
        List<ReplayedCommit> journal = new ArrayList<>(store.state().journal());
        CommitTs last = new CommitTs(store.state().commitTs());
        if (bug == Bug.JOURNAL_HOLE) {
            journal.remove(random.nextInt(journal.size()));
        }
        List<ReplicaSeen> replicas = List.of(
                new ReplicaSeen("n1", last, "chain", "digest"),
                new ReplicaSeen("n2", last, "chain", bug == Bug.REPLICA_DIVERGED ? "other" : "digest"));
        return History.of(calls)
                .withReplays(List.of(new Replay("n1", now + 1, last, journal)))
                .withReplicas(replicas)
                .withWatches(new ToyWatches(bug, random, committedAt).of(journal))
                .withSettings(Map.of(
                        BankChecker.TOTAL,
                        Long.toString(ToyCaller.ACCOUNTS * ToyCaller.BALANCE),
                        BankChecker.ACCOUNTS,
                        Integer.toString(ToyCaller.ACCOUNTS)));
    }
}
