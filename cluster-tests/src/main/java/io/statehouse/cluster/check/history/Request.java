package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked. */
public sealed interface Request {

    /** The transaction that this request would commit; null when it commits none. */
    default @Nullable TxnId commits() {
        return switch (this) {
            case Commit commit -> commit.txnId();
            case Append append -> append.txnId();
            case CommitStaged staged -> staged.txnId();
            case Read read -> null;
            case Scan scan -> null;
            case Resolve resolve -> null;
            case Begin begin -> null;
            case Stage stage -> null;
            case Abort abort -> null;
            // What it commits may bear an id that is derived from its own.
            case Execute execute -> null;
            case Query query -> null;
        };
    }

    /** Whether its answer acknowledges a commit. */
    default boolean isCommit() {
        return commits() != null || (this instanceof Execute execute && Execute.COMMIT.contains(execute.method()));
    }

    /** What is said where an operation is met that no workload asks for. */
    static IllegalArgumentException unknown(Operation operation) {
        return new IllegalArgumentException("no workload asks for " + operation);
    }

    /** A one-shot commit; all tries under one id are one call. */
    record Commit(TxnId txnId, List<Operation> operations, List<Condition> conditions) implements Request {
        public Commit {
            operations = List.copyOf(operations);
            conditions = List.copyOf(conditions);
        }
    }

    /** Reads one key. */
    record Read(Key key, ReadPoint at) implements Request {}

    /** Reads every key of an agent that begins with the prefix, whole and at one point. */
    record Scan(Agent agent, String prefix, ReadPoint at) implements Request {}

    /** A transaction over lists, from its first read to the end of its commit. */
    record Append(TxnId txnId, List<Step> steps) implements Request {
        public Append {
            steps = List.copyOf(steps);
        }
    }

    /** Asks for the fate of a transaction, and aborts it if it has none. */
    record Resolve(TxnId txnId) implements Request {}

    /** Opens a staged transaction. */
    record Begin() implements Request {}

    /** Adds an operation to a staged transaction. */
    record Stage(TxnId txnId, Operation operation) implements Request {}

    /** Commits a staged transaction. */
    record CommitStaged(TxnId txnId) implements Request {}

    /** Gives a staged transaction up. */
    record Abort(TxnId txnId) implements Request {}

    /** Calls a method of the agent layer; {@code params} is an object. */
    record Execute(TxnId txnId, String method, Json params) implements Request {
        /** Those that are answered with what they committed, and not with what they found. */
        private static final Set<String> COMMIT = Set.of("events.append", "lease.release", "tools.finish");
    }

    /** Asks a method of the agent layer that changes nothing. */
    record Query(String method, Json params) implements Request {}
}
