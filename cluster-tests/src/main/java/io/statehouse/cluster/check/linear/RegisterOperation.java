package io.statehouse.cluster.check.linear;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one call did to one key, and what it was told. */
sealed interface RegisterOperation {

    /** A read that found this. */
    record Get(@Nullable Json value, long version, long commitTs) implements RegisterOperation {}

    /** A write that took effect; without an answer, one of which nothing else is known. */
    record Write(
            List<Operation> operations,
            List<Condition> conditions,
            @Nullable Answer answer) implements RegisterOperation {}

    /** A conditional write that was refused, and told the numbers that refused it. */
    record RefusedWrite(List<Condition> conditions, long version, long commitTs) implements RegisterOperation {}

    /** What a write was told. */
    record Answer(long commitTs, List<Long> versions) {}
}
