package io.statehouse.node.agent;

import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.Decisions;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.LimitGuard;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.json.JsonNode;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be asked of the agent layer, by name: the one implementation behind gRPC, JSON-RPC and the client.
 *
 * <p>Each call is one committed transaction or one linearizable read. Calls wait, and are made by virtual threads.
 */
public final class AgentEngine {
    private static final int NAME_SHOWN_MAX = 64;
    private static final int ID_BYTES = 16;

    private final Decisions decisions;
    private final AccessPolicy policy;
    private final LimitGuard guard;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, Method> methods = new TreeMap<>();

    /**
     * The engine over a state.
     *
     * @param reducers the operator's own, for event sessions
     * @param isStrict whether a username that is taken is an error, and a status never goes back
     */
    public AgentEngine(Decisions decisions, Foundations foundations, Reducers reducers, boolean isStrict) {
        this.decisions = decisions;
        this.policy = foundations.policy();
        this.guard = foundations.guard();
        this.clock = foundations.clock();
        this.random = foundations.random();
        methods.putAll(new UserMethods(isStrict).all());
        methods.putAll(new SessionMethods(isStrict).all());
        methods.putAll(new ExecutionMethods(isStrict).all());
        methods.putAll(MemoryMethods.all());
        methods.putAll(EventMethods.all());
        methods.putAll(EventCatalogue.all());
        methods.putAll(new FoldMethods(reducers).all());
        methods.putAll(LeaseMethods.all());
        methods.putAll(ToolMethods.all());
        methods.putAll(ScopeMethods.all());
        methods.putAll(GuildMethods.all());
    }

    /** What the layer stands on beside the state. */
    public record Foundations(AccessPolicy policy, LimitGuard guard, Clock clock, RandomGenerator random) {}

    /** An id for a call whose caller gave none. */
    public TxnId newTxnId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return new TxnId(HexFormat.of().formatHex(bytes));
    }

    /** Whether there is a method of the name. */
    public boolean knows(String method) {
        return methods.containsKey(method);
    }

    /** Whether a method that is known may change state. */
    public boolean isWrite(String method) {
        Method known = methods.get(method);
        return known != null && known.isWrite();
    }

    /**
     * One call.
     *
     * @param txnId the same for a repetition, so that it changes nothing twice; no other call's
     * @param params an object by name, an array in the method's order, or null
     */
    public record Call(String namespace, String method, TxnId txnId, JsonNode params) {}

    /**
     * Answers a call; every other outcome is a {@link ServiceException}.
     *
     * @param mayWrite whether the caller asked in a way that may change state
     */
    public JsonNode run(Caller caller, Call call, boolean mayWrite) {
        guard.checkNamespace(call.namespace());
        policy.require(caller, mayWrite ? Role.WRITER : Role.READER, call.namespace());
        guard.check(call.txnId());
        Method method = requireKnown(methods.get(call.method()), call.method());
        if (method.isWrite() && !mayWrite) {
            throw Refusals.invalid("method", call.method() + " may change state; it is called by Execute");
        }
        Params params = Params.of(call.params(), method.params());
        var contents =
                new Decisions.Contents(call.method(), method.isWrite() ? IdempotencyKey.ofParams(params.toNode()) : "");
        Ask ask = new Ask(
                decisions,
                new Decisions.Asked(caller, call.namespace(), call.txnId(), contents),
                clock,
                this::newTxnId);
        return method.body().run(ask, params);
    }

    private static Method requireKnown(@Nullable Method method, String name) {
        if (method == null) {
            throw new ServiceException(
                    ErrorKind.INVALID_REQUEST,
                    "method: there is no " + name.substring(0, Math.min(name.length(), NAME_SHOWN_MAX)),
                    Map.of("field", "method"));
        }
        return method;
    }
}
