package io.statehouse.node.agent;

import io.statehouse.node.reducer.SessionReducer;
import io.statehouse.statemachine.json.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A reducer over a page of events. Where it is can be seen while it runs, and also when it never ends. */
final class ReducerRun {
    private final SessionReducer code;
    private final int snapshotEvents;
    private final AtomicLong sequence;
    private volatile @Nullable FoldedState mark;

    /**
     * A run that has not begun.
     *
     * @param snapshotEvents a state is held on to after each so many events; 0 = none is
     * @param sequence the number of the last event before the page
     */
    ReducerRun(SessionReducer code, int snapshotEvents, long sequence) {
        this.code = code;
        this.snapshotEvents = snapshotEvents;
        this.sequence = new AtomicLong(sequence);
    }

    /** @param before null = there was none */
    FoldedState fold(@Nullable FoldedState before, List<JsonNode> events) throws InterruptedException {
        JsonNode state = before == null ? given(code.initial()) : before.tree();
        for (JsonNode event : events) {
            if (Thread.interrupted()) {
                throw new InterruptedException("its time was over");
            }
            state = given(code.apply(state, event));
            long number = sequence.incrementAndGet();
            if (snapshotEvents != 0 && number % snapshotEvents == 0) {
                FoldedState marked = FoldedState.of(state, number);
                // As it will be read back, so that a fold which goes on from here comes to the same.
                state = marked.tree();
                mark = marked;
            }
        }
        return FoldedState.of(state, sequence.get());
    }

    private static JsonNode given(JsonNode state) {
        return Objects.requireNonNull(state, "it gave null");
    }

    /** The number of the last event that is in. */
    long sequence() {
        return sequence.get();
    }

    /** The last state that is to be kept; null = there was none. */
    @Nullable
    FoldedState mark() {
        return mark;
    }
}
