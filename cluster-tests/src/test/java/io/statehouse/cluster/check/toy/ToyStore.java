package io.statehouse.cluster.check.toy;

import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.ReplayedCommit;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Step;
import io.statehouse.cluster.check.toy.ToyState.Answered;
import io.statehouse.cluster.check.toy.ToyState.Cell;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The store that the checkers are tried on: strictly serializable, unless it has a bug. */
final class ToyStore {
    private static final double RATE = 0.08;

    private final Bug bug;
    private final RandomGenerator random;
    private final Map<TxnId, List<Operation>> staged = new HashMap<>();
    private final Set<TxnId> aborted = new HashSet<>();
    private ToyState state = new ToyState();
    private @Nullable ToyState otherHalf;
    private long ids;

    ToyStore(Bug bug, RandomGenerator random) {
        this.bug = bug;
        this.random = random;
    }

    ToyState state() {
        return state;
    }

    private boolean strikes(Bug which) {
        return bug == which && random.nextDouble() < RATE;
    }

    /** From here on half of the callers are alone. */
    void split() {
        otherHalf = state.copy();
    }

    /** The half that was cut off is thrown away. */
    void heal() {
        otherHalf = null;
    }

    /** Takes one call's effect and answers; on the other half of a split brain if there is one and the caller is there. */
    Response execute(Request request, boolean isOnOtherHalf) {
        ToyState half = otherHalf;
        if (half == null || !isOnOtherHalf) {
            return execute(request);
        }
        ToyState ours = state;
        state = half;
        try {
            return execute(request);
        } finally {
            state = ours;
        }
    }

    private Response execute(Request request) {
        return switch (request) {
            case Request.Commit commit -> commit(commit);
            case Request.Read read -> read(read);
            case Request.Scan scan -> scan(scan);
            case Request.Append append -> append(append);
            case Request.Resolve resolve -> resolve(resolve.txnId());
            case Request.Begin begin -> begin();
            case Request.Stage stage -> stage(stage);
            case Request.CommitStaged commit -> commitStaged(commit);
            case Request.Abort abort -> abort(abort.txnId());
            case Request.Execute execute -> throw new IllegalArgumentException("no toy for " + execute);
            case Request.Query query -> throw new IllegalArgumentException("no toy for " + query);
        };
    }

    private Response commit(Request.Commit commit) {
        Answered known = state.ledger().get(commit.txnId());
        if (known != null && !strikes(Bug.NO_DEDUPLICATION)) {
            return repeat(commit, known);
        }
        Response conflict = bug == Bug.LOST_UPDATE ? null : conflict(commit.conditions());
        Response answer = conflict == null ? apply(commit.txnId(), commit.operations()) : conflict;
        state.ledger().put(commit.txnId(), new Answered(commit, answer));
        return answer;
    }

    private Response repeat(Request.Commit commit, Answered known) {
        if (!known.asked().equals(commit) && bug != Bug.ID_REUSE_ACCEPTED) {
            return new Response.Refused("TXN_ID_REUSED", "used before");
        }
        if (known.answer() instanceof Response.Committed committed) {
            long moved = bug == Bug.ANSWER_CHANGES ? 1 : 0;
            return new Response.Committed(
                    new CommitTs(committed.commitTs().value() + moved), committed.versions(), true);
        }
        return known.answer();
    }

    private @Nullable Response conflict(List<Condition> conditions) {
        for (Condition condition : conditions) {
            Cell cell = state.at(condition.key(), Long.MAX_VALUE);
            boolean holds = switch (condition) {
                case Condition.VersionEquals wanted -> cell.version() == wanted.version();
                case Condition.Exists exists -> cell.value() != null;
                case Condition.Absent absent -> cell.value() == null;
                case Condition.UnchangedSince since ->
                    cell.commitTs() <= since.commitTs().value();
                case Condition.AgentUnchangedSince since ->
                    throw new IllegalArgumentException("no caller asks for " + since);
            };
            if (!holds) {
                long lie = bug == Bug.WRONG_CONFLICT ? 1 : 0;
                return new Response.Conflict(condition.key(), cell.version() + lie, new CommitTs(cell.commitTs()));
            }
        }
        return null;
    }

    private Response apply(TxnId id, List<Operation> operations) {
        boolean isLost = strikes(Bug.LOST_ACKNOWLEDGED);
        ToyState before = isLost ? state.copy() : state;
        if (strikes(Bug.COMMIT_TS_TWICE) && state.commitTs() > 0) {
            state.setCommitTs(state.commitTs() - 1);
        }
        boolean isTorn = operations.size() > 1 && bug == Bug.TORN_COMMIT && random.nextInt(4) > 0;
        long step = strikes(Bug.VERSION_SKIPPED) ? 2 : 1;
        List<Long> versions = state.commit(id, isTorn ? operations.subList(0, 1) : operations, step);
        if (isTorn) {
            versions = new ArrayList<>(versions);
            for (Operation operation : operations.subList(1, operations.size())) {
                versions.add(state.at(operation.key(), Long.MAX_VALUE).version() + 1);
            }
        }
        Response answer = new Response.Committed(new CommitTs(state.commitTs()), versions, false);
        if (strikes(Bug.DOUBLE_APPLY)) {
            state.commit(id, operations, 1);
        }
        state = before;
        return answer;
    }

    private Response read(Request.Read read) {
        long point = point(read.at());
        Cell cell = state.at(read.key(), point);
        return new Response.Found(
                cell.value(), cell.version(), new CommitTs(cell.commitTs()), new CommitTs(told(read.at(), point)));
    }

    private Response scan(Request.Scan scan) {
        long point = point(scan.at());
        boolean isTorn = bug == Bug.TORN_SCAN && random.nextInt(3) == 0;
        List<Response.Row> rows = new ArrayList<>();
        for (Key key : state.keys()) {
            Cell cell = state.at(key, isTorn && random.nextBoolean() ? Math.max(0, point - 30) : point);
            Json value = cell.value();
            if (key.agent().equals(scan.agent()) && key.name().startsWith(scan.prefix()) && value != null) {
                rows.add(new Response.Row(key.name(), value, cell.version(), new CommitTs(cell.commitTs())));
            }
        }
        rows.sort(Comparator.comparing(row -> row.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        return new Response.Scanned(rows, new CommitTs(told(scan.at(), point)));
    }

    private long point(ReadPoint at) {
        if (at instanceof ReadPoint.AtCommit past) {
            return bug == Bug.PAST_CHANGES ? state.commitTs() : past.commitTs().value();
        }
        boolean isStale = strikes(Bug.STALE_READ) || strikes(Bug.STALE_READ_IN_DISGUISE);
        return isStale ? Math.max(0, state.commitTs() - 1 - random.nextInt(30)) : state.commitTs();
    }

    private long told(ReadPoint at, long point) {
        if (at instanceof ReadPoint.AtCommit past) {
            return past.commitTs().value();
        }
        return bug == Bug.STALE_READ_IN_DISGUISE ? state.commitTs() : point;
    }

    private Response append(Request.Append append) {
        long point = point(ReadPoint.LATEST);
        Map<Key, List<Long>> own = new HashMap<>();
        List<List<Long>> reads = new ArrayList<>();
        List<Operation> operations = new ArrayList<>();
        for (Step step : append.steps()) {
            List<Long> list =
                    own.computeIfAbsent(step.list(), key -> new ArrayList<>(elements(state.at(key, Long.MAX_VALUE))));
            switch (step) {
                case Step.ReadList read ->
                    reads.add(point == state.commitTs() ? List.copyOf(list) : elements(state.at(step.list(), point)));
                case Step.AppendElement one -> {
                    list.add(one.element());
                    operations.add(new Operation.Put(step.list(), json(list.toString())));
                }
            }
        }
        if (operations.isEmpty()) {
            return new Response.Lists(reads, CommitTs.ZERO);
        }
        Response answer = apply(append.txnId(), operations);
        CommitTs at = answer instanceof Response.Committed committed ? committed.commitTs() : CommitTs.ZERO;
        return new Response.Lists(reads, at);
    }

    private static List<Long> elements(Cell cell) {
        Json value = cell.value();
        if (value == null) {
            return List.of();
        }
        String text = value.toString();
        List<Long> elements = new ArrayList<>();
        for (String element : text.substring(1, text.length() - 1).split(", ", -1)) {
            elements.add(Long.parseLong(element));
        }
        return elements;
    }

    private Response begin() {
        TxnId id = new TxnId("staged-" + ++ids);
        staged.put(id, new ArrayList<>());
        return new Response.Begun(id);
    }

    private Response stage(Request.Stage stage) {
        List<Operation> operations = staged.get(stage.txnId());
        if (operations == null) {
            return new Response.Refused("TXN_NOT_FOUND", "not found");
        }
        operations.add(stage.operation());
        return new Response.Done();
    }

    private Response commitStaged(Request.CommitStaged commit) {
        TxnId id = commit.txnId();
        if (state.ledger().containsKey(id)) {
            return new Response.Refused("TXN_ALREADY_COMMITTED", "already committed");
        }
        if (aborted.contains(id) && bug != Bug.ABORT_FORGOTTEN) {
            return new Response.Refused("TXN_ABORTED", "aborted");
        }
        List<Operation> operations = staged.getOrDefault(id, List.of());
        boolean isPartial = operations.size() > 1 && bug == Bug.STAGED_PARTIAL;
        Response answer = apply(id, isPartial ? operations.subList(0, operations.size() - 1) : operations);
        state.ledger().put(id, new Answered(commit, answer));
        return answer;
    }

    private Response abort(TxnId id) {
        aborted.add(id);
        return new Response.Done();
    }

    private Response resolve(TxnId id) {
        for (ReplayedCommit commit : state.journal()) {
            if (commit.txnId().equals(id)) {
                return new Response.Fate(Response.Fate.COMMITTED, commit.commitTs());
            }
        }
        return new Response.Fate(Response.Fate.ABORTED, CommitTs.ZERO);
    }

    static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }
}
