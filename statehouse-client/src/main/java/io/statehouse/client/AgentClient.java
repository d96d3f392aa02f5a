package io.statehouse.client;

import com.google.protobuf.ByteString;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentServiceGrpc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The agent layer: sessions, events, tools and leases, each call one transaction or one linearizable read. Got from {@link
 * StatehouseClient#agentLayer()}, shares its connections and ends with it.
 *
 * <p>The methods and their parameters are listed in docs/agents.md; they are those of JSON-RPC. Blocking calls throw {@link
 * StatehouseException}; futures end with it.
 */
public final class AgentClient {
    private final Caller caller;
    private final UuidV7 ids;

    AgentClient(Caller caller, UuidV7 ids) {
        this.caller = caller;
        this.ids = ids;
    }

    /** Asks a method that changes nothing. */
    public Json query(String method, Map<String, ?> params) {
        return caller.await(queryAsync(method, params));
    }

    /** As {@link #query}, without waiting. */
    public CompletableFuture<Json> queryAsync(String method, Map<String, ?> params) {
        var answer = caller.read(AgentServiceGrpc.getQueryMethod(), request(method, params, ""), Read.linearizable());
        return Caller.map(answer, response -> Json.parse(response.getResult().toStringUtf8()));
    }

    /** Calls a method, once however often it has to be sent. */
    public Json execute(String method, Map<String, ?> params) {
        return execute(ids.next(), method, params);
    }

    /**
     * Calls a method under an id of the caller's: a repetition under it, also after a crash of the caller, changes nothing twice
     * and is answered alike, for as long as the server keeps ids (24 hours by default).
     */
    public Json execute(String transactionId, String method, Map<String, ?> params) {
        return caller.await(executeAsync(transactionId, method, params), transactionId);
    }

    /** As {@link #execute(String, String, Map)}, without waiting. */
    public CompletableFuture<Json> executeAsync(String transactionId, String method, Map<String, ?> params) {
        var request = request(method, params, transactionId);
        var answer = caller.write(AgentServiceGrpc.getExecuteMethod(), request, transactionId);
        return Caller.map(answer, response -> Json.parse(response.getResult().toStringUtf8()));
    }

    private AgentRequest request(String method, Map<String, ?> params, String transactionId) {
        var given = new LinkedHashMap<String, @Nullable Object>();
        params.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value);
            }
        });
        return AgentRequest.newBuilder()
                .setNamespace(caller.options().namespace())
                .setMethod(method)
                .setParams(ByteString.copyFromUtf8(Json.of(given).text()))
                .setTxnId(transactionId)
                .build();
    }

    /**
     * What a session of typed events has come to by a reducer. Reads all events, page by page; {@link #fold(String, Reducer,
     * Folded)} reads only what is new.
     *
     * @throws StatehouseException.Refused KEY_NOT_FOUND when there is no such session
     */
    public <S> Folded<S> fold(String sessionId, Reducer<S> reducer) {
        return fold(sessionId, reducer, new Folded<>(reducer.initial(), 0));
    }

    /**
     * Goes on from what the session had come to by the same reducer, whenever and wherever that was.
     *
     * @return that of the newest event; of the earlier one when nothing was appended since
     * @throws IllegalArgumentException when the session has fewer events than are in the earlier result
     * @throws StatehouseException.Refused KEY_NOT_FOUND when there is no such session
     */
    public <S> Folded<S> fold(String sessionId, Reducer<S> reducer, Folded<S> earlier) {
        return new SessionFold(this, sessionId).fold(reducer, earlier);
    }

    /** Tools whose effects happen once, claimed in a holder's name. */
    public Tools tools(String holder) {
        return new Tools(this, caller.options(), holder);
    }

    /** Leases with fencing tokens, taken in a holder's name. */
    public Leases leases(String holder) {
        return new Leases(this, holder);
    }
}
