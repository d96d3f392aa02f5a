package io.statehouse.cluster.check.linear;

import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.linear.RegisterOperation.Answer;
import io.statehouse.cluster.check.linear.RegisterOperation.Get;
import io.statehouse.cluster.check.linear.RegisterOperation.RefusedWrite;
import io.statehouse.cluster.check.linear.RegisterOperation.Write;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key with its versions.
 *
 * <p>Every answer carries the version and the commit_ts, and both must fit: without them a checker is nearly blind to a lost
 * write that the next one covers.
 */
final class RegisterModel implements Model<RegisterState, RegisterOperation> {

    /** What can be said of a condition in a state whose commit_ts may be unknown. */
    private enum Truth {
        YES,
        NO,
        MAYBE
    }

    @Override
    public RegisterState initial() {
        return RegisterState.NEVER_WRITTEN;
    }

    @Override
    public @Nullable RegisterState step(RegisterState state, RegisterOperation operation) {
        return switch (operation) {
            case Get get -> get(state, get);
            case Write write -> write(state, write);
            case RefusedWrite refused -> refuse(state, refused);
        };
    }

    private static @Nullable RegisterState get(RegisterState state, Get get) {
        boolean fits = get.version() == state.version()
                && Objects.equals(get.value(), state.value())
                && state.mayBeOf(get.commitTs());
        return fits ? state.at(get.commitTs()) : null;
    }

    private static @Nullable RegisterState write(RegisterState state, Write write) {
        for (Condition condition : write.conditions()) {
            if (truth(condition, state) == Truth.NO) {
                return null;
            }
        }
        Answer answer = write.answer();
        if (answer != null && !fits(answer, state, write.operations().size())) {
            return null;
        }
        if (write.operations().isEmpty()) {
            return state;
        }
        Json value = valueAfter(write.operations());
        long version = state.version() + write.operations().size();
        return answer == null
                ? new RegisterState(value, version, state.commitTs(), false)
                : new RegisterState(value, version, answer.commitTs(), true);
    }

    private static boolean fits(Answer answer, RegisterState state, int operations) {
        if (answer.versions().size() != operations || answer.commitTs() <= state.commitTs()) {
            return false;
        }
        for (int index = 0; index < operations; index++) {
            if (answer.versions().get(index) != state.version() + index + 1) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Json valueAfter(List<Operation> operations) {
        return switch (operations.getLast()) {
            case Operation.Put put -> put.value();
            case Operation.Append append -> throw Request.unknown(append);
            case Operation.Edit edit -> throw Request.unknown(edit);
            case Operation.Delete delete -> null;
        };
    }

    private static @Nullable RegisterState refuse(RegisterState state, RefusedWrite refused) {
        boolean mayRefuse = refused.conditions().stream().anyMatch(condition -> truth(condition, state) != Truth.YES);
        boolean fits = mayRefuse && refused.version() == state.version() && state.mayBeOf(refused.commitTs());
        return fits ? state.at(refused.commitTs()) : null;
    }

    private static Truth truth(Condition condition, RegisterState state) {
        return switch (condition) {
            case Condition.VersionEquals wanted -> of(state.version() == wanted.version());
            case Condition.Exists exists -> of(state.value() != null);
            case Condition.Absent absent -> of(state.value() == null);
            case Condition.UnchangedSince since -> unchanged(since.commitTs().value(), state);
            // One register does not know its agent.
            case Condition.AgentUnchangedSince since -> Truth.MAYBE;
        };
    }

    private static Truth unchanged(long since, RegisterState state) {
        if (state.commitTs() > since) {
            return Truth.NO;
        }
        return state.isCommitTsKnown() ? Truth.YES : Truth.MAYBE;
    }

    private static Truth of(boolean holds) {
        return holds ? Truth.YES : Truth.NO;
    }
}
