package io.statehouse.cluster.chaos.workload;

import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.statemachine.CommitTs;
import java.util.List;
import java.util.Map;

/**
 * One kind of traffic, made so that a checker can tell from it whether a promise was broken.
 *
 * <p>An instance serves one run. What its processes share is kept here and is safe for use by all of them; what a process knows
 * alone is kept in its {@link Actor}.
 */
public interface Workload {
    /** What its calls are recorded as. */
    Load load();

    /** The checkers that must come to a verdict about it, by their names. */
    List<String> checkers();

    /** How many processes it takes. */
    default int processes() {
        return 2;
    }

    /** What the checkers must know beside the calls. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Done once, before any process begins. */
    default void prepare(Desk desk) {}

    /** A process that is about to begin. */
    Actor hire(Desk desk);

    /** What every node is asked when all is quiet: reads and scans of the present. */
    default List<Request> lastQuestions() {
        return List.of();
    }

    /** One process at work. Used by one thread at a time. */
    interface Actor {
        /** Makes a few calls, one after another. */
        void act();

        /** Ends what it follows, now that nothing comes after {@code last}. */
        default void finish(CommitTs last) {}
    }
}
