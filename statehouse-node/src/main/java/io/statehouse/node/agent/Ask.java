package io.statehouse.node.agent;

import io.statehouse.node.service.Decisions;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.StateView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of a method under way: where it reads, how it commits, and what time it is. */
final class Ask {
    /** What part of the caller's time is left for the answer. */
    private static final int WAIT_MARGIN = 10;

    /** The most bytes of documents that one call reads. */
    private static final long READ_BYTES_MAX = 32L << 20;

    private static final long VERSION_BITS = 0x4000L;
    private static final long VERSION_MASK = 0xF000L;
    private static final long VARIANT_BITS = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;

    private final Decisions decisions;
    private final Decisions.Asked asked;
    private final Clock clock;
    private final Supplier<TxnId> newIds;

    /** Of documents, in the look that is under way. */
    private long readBytes;

    Ask(Decisions decisions, Decisions.Asked asked, Clock clock, Supplier<TxnId> newIds) {
        this.decisions = decisions;
        this.asked = asked;
        this.clock = clock;
        this.newIds = newIds;
    }

    /** The key of a document on a shelf of the namespace. */
    Key key(Shelf shelf, String name) {
        return new Agent(asked.namespace(), shelf.agentId()).key(name);
    }

    Agent agent(String agentId) {
        return new Agent(asked.namespace(), agentId);
    }

    String namespace() {
        return asked.namespace();
    }

    /** An id that a repetition of this call makes too; it looks like a random UUID. */
    String newId() {
        byte[] hash = Sha256.of((asked.namespace() + "\n" + asked.txnId().value()).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        long high = (bytes.getLong() & ~VERSION_MASK) | VERSION_BITS;
        long low = (bytes.getLong() & ~VARIANT_MASK) | VARIANT_BITS;
        return new UUID(high, low).toString();
    }

    /** Not before anything that the view holds was done. */
    long nowMillis(StateView view) {
        return Math.max(clock.millis(), view.wallMillis());
    }

    JsonNode read(Function<StateView, JsonNode> question) {
        return decisions.read(asked, looking(question));
    }

    /** Looks at a moment. */
    <T> T look(ReadPoint point, Function<StateView, T> question) {
        return decisions.read(asked, point, looking(question));
    }

    /** This node's own time. */
    long clockMillis() {
        return clock.millis();
    }

    private <T> Function<StateView, T> looking(Function<StateView, T> question) {
        return view -> {
            readBytes = 0;
            return question.apply(view);
        };
    }

    /** Commits what is proposed and answers the document that the first operation puts. */
    JsonNode commitDoc(Function<StateView, Decisions.Step<JsonNode>> decide) {
        return commit(
                view -> switch (decide.apply(view)) {
                    case Decisions.Step.Answered<JsonNode> answered -> answered;
                    case Decisions.Step.Proposed<JsonNode> proposed ->
                        propose(proposed.operations(), withNew(proposed));
                },
                done -> done.value() == null ? Doc.NULL : Doc.node(done.value()));
    }

    /** Ids are derived from the call's, so one that is used again long after must not fall on the document of then. */
    private static List<Condition> withNew(Decisions.Step.Proposed<JsonNode> proposed) {
        List<Condition> conditions = new ArrayList<>(proposed.conditions());
        conditions.add(new Condition.Absent(proposed.operations().get(0).key()));
        return conditions;
    }

    /** Commits what is proposed and answers nothing. */
    JsonNode commitVoid(Function<StateView, Decisions.Step<JsonNode>> decide) {
        return commit(decide, done -> Doc.NULL);
    }

    JsonNode commit(Function<StateView, Decisions.Step<JsonNode>> decide, Function<Decisions.Done, JsonNode> answer) {
        return commit(decide, answer, (done, present) -> answer.apply(done));
    }

    /** @param repeated the answer to a repetition, by what was done then and by the present */
    JsonNode commit(
            Function<StateView, Decisions.Step<JsonNode>> decide,
            Function<Decisions.Done, JsonNode> answer,
            BiFunction<Decisions.Done, StateView, JsonNode> repeated) {
        return decisions.commit(asked, new Decisions.Decision<>() {
            @Override
            public Decisions.Step<JsonNode> decide(StateView view) {
                return looking(decide).apply(view);
            }

            @Override
            public JsonNode answer(Decisions.Done done) {
                return answer.apply(done);
            }

            @Override
            public JsonNode repeated(Decisions.Done done, StateView present) {
                return repeated.apply(done, present);
            }
        });
    }

    /** Commits on conditions alone. */
    Decisions.Done commitBlind(List<Operation> operations, List<Condition> conditions) {
        return decisions.commitBlind(asked, operations, conditions);
    }

    /** An id for a step of this call that is committed by itself. */
    Ask step(String name) {
        return under(new TxnId(asked.txnId().value() + "/" + name));
    }

    /** An id for a step that a repetition of this call does again. */
    Ask anew() {
        return under(newIds.get());
    }

    private Ask under(TxnId id) {
        return new Ask(decisions, asked.under(id), clock, newIds);
    }

    /**
     * Until when to wait, in terms of {@link System#nanoTime}: as long as is asked, and not so long that the caller would have gone
     * before it is answered.
     */
    long endOfWait(long waitMillis) {
        long left = asked.caller().timeLeft().toNanos();
        return System.nanoTime() + Math.min(Duration.ofMillis(waitMillis).toNanos(), left - left / WAIT_MARGIN);
    }

    static Decisions.Step<JsonNode> propose(List<Operation> operations, List<Condition> conditions) {
        return new Decisions.Step.Proposed<>(operations, conditions);
    }

    static Decisions.Step<JsonNode> answer(JsonNode answer) {
        return new Decisions.Step.Answered<>(answer);
    }

    /** A document as it stands. */
    record Found(Doc doc, Entry entry) {}

    @Nullable
    Found find(StateView view, Shelf shelf, String id) {
        Entry entry = view.find(key(shelf, id));
        Json value = entry == null ? null : entry.value();
        if (entry == null || value == null) {
            return null;
        }
        return new Found(read(value), entry);
    }

    /** A document, within the bound of what one call reads. */
    Doc read(Json value) {
        readBytes += value.length();
        if (readBytes > READ_BYTES_MAX) {
            throw Refusals.limitExceeded("readBytesMax", READ_BYTES_MAX, readBytes);
        }
        return Doc.parse(value);
    }

    /** A document that must be there. */
    Found require(StateView view, Shelf shelf, String id) {
        Found found = find(view, shelf, id);
        if (found == null) {
            throw notFound(shelf.thing(), id);
        }
        return found;
    }

    static ServiceException notFound(String thing, String id) {
        return new ServiceException(
                ErrorKind.NOT_FOUND, "Not found: " + thing + " " + id + " not found", Map.of("thing", thing));
    }

    static ServiceException broken(String rule) {
        return new ServiceException(ErrorKind.RULE_BROKEN, rule, Map.of());
    }
}
