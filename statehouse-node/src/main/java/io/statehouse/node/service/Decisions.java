package io.statehouse.node.service;

import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.StateView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads, decides, and commits on the condition that what was read still holds: how everything above the core changes state.
 *
 * <p>A decision whose condition no longer holds is taken anew, under an id of its own that is derived from the caller's. A
 * repetition under the same id walks the same row of ids, so it finds the one that was committed and answers what that did.
 * These calls wait, and are made by virtual threads.
 */
public final class Decisions {
    /** How often a decision is taken anew before its caller hears of the conflict. */
    public static final int TRIES_MAX = 64;

    private final StateService state;

    public Decisions(StateService state) {
        this.state = state;
    }

    /**
     * Whose decision it is.
     *
     * @param namespace what is read lies here
     * @param txnId the same again for a repetition
     * @param contents what was asked, by which a repetition is told from another call under the same id
     */
    public record Asked(Caller caller, String namespace, TxnId txnId, Contents contents) {
        /** The same under another id. */
        public Asked under(TxnId id) {
            return new Asked(caller, namespace, id, contents);
        }
    }

    /**
     * What was asked, as the log says it.
     *
     * @param params a hash of what it was asked with
     */
    public record Contents(String method, String params) {
        List<Origin.Label> labels() {
            return List.of(
                    new Origin.Label("statehouse.method", method), new Origin.Label("statehouse.params", params));
        }
    }

    /** What a look at the state comes to. */
    public sealed interface Step<T> {
        /** Nothing is to be changed. */
        record Answered<T>(T answer) implements Step<T> {}

        /** This, if the conditions hold. The first operation makes what is answered. */
        record Proposed<T>(List<Operation> operations, List<Condition> conditions) implements Step<T> {
            public Proposed {
                operations = List.copyOf(operations);
                conditions = List.copyOf(conditions);
            }
        }
    }

    /**
     * What was committed.
     *
     * @param versions that the operations made
     * @param value that the first operation put; null = it put none
     * @param erased why the value is not known any more; null = it is
     */
    public record Done(
            long wallMillis,
            List<Long> versions,
            @Nullable Json value,
            @Nullable CompactedException erased) {
        public Done {
            versions = List.copyOf(versions);
        }

        /** That the first operation put, null = it put none; one that retention has let go is refused as compacted. */
        @Override
        public @Nullable Json value() {
            if (erased != null) {
                throw Refusals.of(erased);
            }
            return value;
        }
    }

    /** How to decide, and what to answer when it is done. */
    public interface Decision<T> {
        Step<T> decide(StateView view);

        T answer(Done done);

        /** The answer to a repetition: what was answered then, unless the present matters. */
        default T repeated(Done done, StateView present) {
            return answer(done);
        }
    }

    /** Answers a question about the present. */
    public <T> T read(Asked asked, Function<StateView, T> question) {
        return await(asked.caller(), state.read(asked.caller(), asked.namespace(), ReadPoint.NOW, question), false);
    }

    /** Answers a question about a moment. */
    public <T> T read(Asked asked, ReadPoint point, Function<StateView, T> question) {
        return await(asked.caller(), state.read(asked.caller(), asked.namespace(), point, question), false);
    }

    /** Decides and commits; every outcome but an answer is a {@link ServiceException}. */
    public <T> T commit(Asked asked, Decision<T> decision) {
        ServiceException last = null;
        int conflicts = 0;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            TxnId id = conflicts == 0 ? asked.txnId() : new TxnId(asked.txnId().value() + "#" + conflicts);
            Found<T> found = await(
                    asked.caller(),
                    state.look(
                            asked.caller(),
                            asked.namespace(),
                            ReadPoint.NOW,
                            past -> find(past, asked.under(id), decision)),
                    false);
            switch (found) {
                case Found.Known<T> known -> {
                    return known.answer();
                }
                case Found.Conflicted<T> conflicted -> {
                    last = conflicted.why();
                    conflicts++;
                }
                case Found.Decided<T> decided -> {
                    if (decided.step() instanceof Step.Answered<T> answered) {
                        return answered.answer();
                    }
                    Step.Proposed<T> proposed = (Step.Proposed<T>) decided.step();
                    try {
                        return decision.answer(propose(asked, id, proposed));
                    } catch (ServiceException e) {
                        last = requireConflict(e);
                        // An id that is in use is looked up again: an earlier try of this call has come through
                        // meanwhile.
                        conflicts += e.kind() == ErrorKind.CONFLICT ? 1 : 0;
                    }
                }
            }
        }
        throw last == null ? Refusals.notReady("no decision was taken") : last;
    }

    /** What there is under an id, or what is to be done under it. */
    private sealed interface Found<T> {
        record Known<T>(T answer) implements Found<T> {}

        record Conflicted<T>(ServiceException why) implements Found<T> {}

        record Decided<T>(Step<T> step) implements Found<T> {}
    }

    private <T> Found<T> find(Past past, Asked asked, Decision<T> decision) {
        TxnId id = asked.txnId();
        Reply fate = past.fate(id);
        if (fate == null) {
            return new Found.Decided<>(decision.decide(past.present()));
        }
        if (fate instanceof Reply.Committed committed) {
            Event first = requireOwn(past, asked, committed).events().get(0);
            Json value = first instanceof Event.EntryPut put ? put.value() : null;
            CompactedException erased = first instanceof Event.EntryErased
                    ? new CompactedException(asked.namespace(), past.floor(scope(asked)))
                    : null;
            Done done = new Done(committed.wallMillis(), committed.versions(), value, erased);
            return new Found.Known<>(decision.repeated(done, past.present()));
        }
        return new Found.Conflicted<>(requireConflict(state.told(asked.caller(), id, Refusals.of(id, fate))));
    }

    /** What a commit wrote in the namespace, if it was made by this very call; ids are everybody's. */
    private static CommittedTransaction requireOwn(Past past, Asked asked, Reply.Committed committed) {
        // The whole journal has no floor, below which a repetition would not be known.
        CommittedTransaction whole = past.commit(new JournalQuery.Scope.Whole(), committed.commitTs());
        CommittedTransaction own = whole == null ? null : scope(asked).cut(whole);
        if (own == null || !own.origin().labels().equals(asked.contents().labels())) {
            throw Refusals.reused(asked.txnId());
        }
        return own;
    }

    private static JournalQuery.Scope scope(Asked asked) {
        return new JournalQuery.Scope.OfNamespace(Timeline.MAIN, asked.namespace());
    }

    /**
     * Commits without a look at the state: for what depends on conditions alone. A repetition is known by its id and its
     * contents, so these must be the same again.
     */
    public Done commitBlind(Asked asked, List<Operation> operations, List<Condition> conditions) {
        return propose(asked, asked.txnId(), new Step.Proposed<Void>(operations, conditions));
    }

    private <T> Done propose(Asked asked, TxnId id, Step.Proposed<T> proposed) {
        Origin origin = new Origin(
                asked.caller().authority().name(), "", asked.contents().labels());
        CommitTransaction transaction =
                new CommitTransaction(id, proposed.operations(), proposed.conditions(), List.of(), origin);
        Reply.Committed committed = await(asked.caller(), state.commit(asked.caller(), transaction), true);
        Operation first = proposed.operations().get(0);
        Json value = first instanceof Operation.Put put ? put.value() : null;
        return new Done(committed.wallMillis(), committed.versions(), value, null);
    }

    /** Of all refusals these alone are a reason to look again. */
    private static ServiceException requireConflict(ServiceException refusal) {
        if (refusal.kind() != ErrorKind.CONFLICT && refusal.kind() != ErrorKind.TXN_ID_REUSED) {
            throw refusal;
        }
        return refusal;
    }

    private static <T> T await(Caller caller, CompletableFuture<T> future, boolean mayBeApplied) {
        try {
            return future.get(caller.timeLeft().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw Refusals.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw mayBeApplied
                    ? Refusals.outcomeUnknown("there was no answer in time")
                    : Refusals.notReady("there was no answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw mayBeApplied ? Refusals.outcomeUnknown("this node stops") : Refusals.notReady("this node stops");
        }
    }
}
