package io.statehouse.node.agent;

import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.json.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What event sessions come to by an operator's reducers.
 *
 * <p>Reads of pages and runs of the reducer take turns, so that no view of the state is held while code that is not ours runs. What was
 * passed is kept, so a fold that ran out of time is gone on from by the next.
 */
final class FoldMethods {
    private static final long PAGE_EVENTS_MAX = 1_000;
    private static final int REASON_CHARS_MAX = 200;

    private final Reducers reducers;

    FoldMethods(Reducers reducers) {
        this.reducers = reducers;
    }

    Map<String, Method> all() {
        return Map.of(
                "events.fold", new Method(false, List.of("id", "reducer"), this::fold),
                "events.reducers", new Method(false, List.of(), (ask, params) -> list()));
    }

    private JsonNode list() {
        return Doc.list(reducers.all().stream()
                .map(reducer -> Doc.empty()
                        .with("name", reducer.name())
                        .with("version", reducer.version())
                        .toNode())
                .toList());
    }

    /**
     * One fold under way.
     *
     * @param last the number of the event to fold to
     * @param end in terms of {@link System#nanoTime}
     */
    private record Fold(Ask ask, String id, LoadedReducer reducer, long last, long end) {
        KeptStates.Key key() {
            return new KeptStates.Key(ask.namespace(), id, reducer.name(), reducer.version());
        }
    }

    private JsonNode fold(Ask ask, Params params) {
        String id = params.name("id");
        LoadedReducer reducer = reducers.require(params.name("reducer"));
        EventKeys keys = EventKeys.of(ask, id);
        long end = ask.endOfWait(reducers.config().timeMax().toMillis());
        long last = ask.look(ReadPoint.NOW, view -> EventReads.count(view, keys, id));
        Fold fold = new Fold(ask, id, reducer, last, end);
        FoldedState folded = reducers.kept().find(fold.key());
        while (folded == null || folded.sequence() < last) {
            folded = page(fold, folded);
        }
        return Doc.empty()
                .with("session_id", id)
                .with("version", folded.sequence())
                .with("reducer", reducer.name())
                .with("reducer_version", reducer.version())
                .with("state", folded.tree())
                .toNode();
    }

    private FoldedState page(Fold fold, @Nullable FoldedState before) {
        long from = before == null ? 0 : before.sequence();
        ReducerRun run = new ReducerRun(fold.reducer.code(), reducers.config().snapshotEvents(), from);
        try {
            return fold.reducer.call(() -> run.fold(before, events(fold, from)), fold.end);
        } catch (ExecutionException e) {
            throw failed(fold, run, e.getCause());
        } catch (TimeoutException e) {
            throw fold.reducer.overloaded(
                    "was at event " + run.sequence() + " of " + fold.last + " of session " + fold.id
                            + " when its time was over (agent.reducer.time.max.ms)",
                    "agentReducerTimeMaxMs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusals.notReady("this node stops");
        } finally {
            FoldedState mark = run.mark();
            if (mark != null) {
                reducers.kept().keep(fold.key(), mark);
            }
        }
    }

    private static List<JsonNode> events(Fold fold, long after) {
        if (after == fold.last) {
            return List.of();
        }
        EventKeys keys = EventKeys.of(fold.ask, fold.id);
        int limit = (int) Math.min(PAGE_EVENTS_MAX, fold.last - after);
        return fold.ask.look(ReadPoint.NOW, view -> EventReads.consecutive(view, keys, fold.id, after + 1, limit));
    }

    private static ServiceException failed(Fold fold, ReducerRun run, @Nullable Throwable cause) {
        // Of the read between two runs.
        if (cause instanceof ServiceException ours) {
            return ours;
        }
        String reason = String.valueOf(cause);
        return new ServiceException(
                ErrorKind.RULE_BROKEN,
                "reducer " + fold.reducer + " failed after event " + run.sequence() + " of session " + fold.id + ": "
                        + reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX)),
                Map.of("reducer", fold.reducer.name(), "sequence_number", Long.toString(run.sequence())));
    }
}
