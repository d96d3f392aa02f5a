package io.statehouse.cluster.check.linear;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.linear.RegisterOperation.Answer;
import io.statehouse.cluster.check.linear.RegisterOperation.Get;
import io.statehouse.cluster.check.linear.RegisterOperation.RefusedWrite;
import io.statehouse.cluster.check.linear.RegisterOperation.Write;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sorts a history's calls by the key they touch, each as an operation on that key. */
final class RegisterCalls {

    /** A call and what it did to its key. */
    record Touch(Call call, Timed<RegisterOperation> timed) {}

    /** A call that this promise cannot be checked with, because it is about more than one key. */
    static final class TwoKeysException extends Exception {
        private static final long serialVersionUID = 1L;

        TwoKeysException(Call call) {
            super("a register call must touch one key: " + CallText.of(call));
        }
    }

    private RegisterCalls() {}

    static Map<Key, List<Touch>> byKey(History history) throws TwoKeysException {
        Map<Key, List<Touch>> byKey = new LinkedHashMap<>();
        List<Call> calls = history.callsOf(Load.REGISTER).toList();
        for (Call call : calls) {
            Key key = keyOf(call);
            Timed<RegisterOperation> timed = key == null ? null : timed(call);
            if (key != null && timed != null) {
                byKey.computeIfAbsent(key, unused -> new ArrayList<>()).add(new Touch(call, timed));
            }
        }
        for (Call call : history.callsOf(Load.AUDIT).toList()) {
            Timed<RegisterOperation> timed = call.request() instanceof Request.Read ? timed(call) : null;
            List<Touch> touches = call.request() instanceof Request.Read read ? byKey.get(read.key()) : null;
            if (timed != null && touches != null) {
                touches.add(new Touch(call, timed));
            }
        }
        return byKey;
    }

    /** The key a call touches; null when it touches none. */
    private static @Nullable Key keyOf(Call call) throws TwoKeysException {
        return switch (call.request()) {
            case Request.Read read -> read.key();
            case Request.Commit commit -> keyOf(call, commit);
            case Request.Resolve resolve -> null;
            case Request.Scan scan -> throw new TwoKeysException(call);
            case Request.Append append -> throw new TwoKeysException(call);
            case Request.Begin begin -> throw new TwoKeysException(call);
            case Request.Stage stage -> throw new TwoKeysException(call);
            case Request.CommitStaged staged -> throw new TwoKeysException(call);
            case Request.Abort abort -> throw new TwoKeysException(call);
            case Request.Execute execute -> throw new TwoKeysException(call);
            case Request.Query query -> throw new TwoKeysException(call);
        };
    }

    private static @Nullable Key keyOf(Call call, Request.Commit commit) throws TwoKeysException {
        Set<Key> keys = Stream.concat(
                        commit.operations().stream().map(operation -> operation.key()),
                        commit.conditions().stream().map(condition -> condition.key()))
                .collect(Collectors.toSet());
        if (keys.size() > 1) {
            throw new TwoKeysException(call);
        }
        return keys.isEmpty() ? null : keys.iterator().next();
    }

    /** Null when the call says nothing about the key. */
    private static @Nullable Timed<RegisterOperation> timed(Call call) {
        RegisterOperation operation = null;
        if (call.request() instanceof Request.Read read) {
            operation = get(call, read);
        } else if (call.request() instanceof Request.Commit commit) {
            operation = write(call, commit);
        }
        boolean isRequired = call.outcome() != Outcome.UNKNOWN;
        return operation == null ? null : new Timed<>(operation, call.callNanos(), call.returnNanos(), isRequired);
    }

    private static @Nullable RegisterOperation get(Call call, Request.Read read) {
        return read.at() instanceof ReadPoint.Latest && call.isOk() && call.response() instanceof Response.Found found
                ? new Get(found.value(), found.version(), found.commitTs().value())
                : null;
    }

    private static @Nullable RegisterOperation write(Call call, Request.Commit commit) {
        if (call.response() instanceof Response.Conflict conflict) {
            return new RefusedWrite(
                    commit.conditions(),
                    conflict.currentVersion(),
                    conflict.currentCommitTs().value());
        }
        if (call.response() instanceof Response.Committed committed) {
            Answer answer = new Answer(committed.commitTs().value(), committed.versions());
            return new Write(commit.operations(), commit.conditions(), answer);
        }
        return call.outcome() == Outcome.UNKNOWN ? new Write(commit.operations(), commit.conditions(), null) : null;
    }
}
