package io.statehouse.node.grpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.agent.AgentEngine;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.JsonGuard;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentResponse;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The calls of the agent layer, by name. */
final class AgentEndpoint extends AgentServiceGrpc.AgentServiceImplBase {
    private final Calls calls;
    private final AgentEngine engine;
    private final JsonGuard guard;

    /** Its threads may wait. */
    private final Executor waiters;

    AgentEndpoint(Calls calls, AgentEngine engine, JsonGuard guard, Executor waiters) {
        this.calls = calls;
        this.engine = engine;
        this.guard = guard;
        this.waiters = waiters;
    }

    @Override
    public void query(AgentRequest request, StreamObserver<AgentResponse> observer) {
        answer(request, observer, false);
    }

    @Override
    public void execute(AgentRequest request, StreamObserver<AgentResponse> observer) {
        answer(request, observer, true);
    }

    private void answer(AgentRequest request, StreamObserver<AgentResponse> observer, boolean mayWrite) {
        Caller caller = Calls.caller();
        calls.answer(observer, () -> CompletableFuture.supplyAsync(() -> run(caller, request, mayWrite), waiters));
    }

    private AgentResponse run(Caller caller, AgentRequest request, boolean mayWrite) {
        TxnId id = request.getTxnId().isEmpty() ? engine.newTxnId() : new TxnId(request.getTxnId());
        JsonNode params = request.getParams().isEmpty()
                ? new JsonNode.JsonNull()
                : guard.parse("params", request.getParams().toByteArray());
        var call = new AgentEngine.Call(ApiMapper.namespace(request.getNamespace()), request.getMethod(), id, params);
        return AgentResponse.newBuilder()
                .setResult(ByteString.copyFromUtf8(JsonWriter.text(engine.run(caller, call, mayWrite))))
                .build();
    }
}
