package io.statehouse.cluster.check.agent;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Members;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of the agent layer with what it asked and what it was told.
 *
 * @param answer null where there was none, or one that is no object
 */
record AgentCall(
        Call call, String method, Members params, @Nullable Members answer) {

    /** All calls of the agent layer that a load made, in the order in which they began. */
    static List<AgentCall> of(History history, Load load) {
        return history.callsOf(load).flatMap(call -> of(call).stream()).toList();
    }

    private static List<AgentCall> of(Call call) {
        Members answer = call.isOk() && call.response() instanceof Response.Answered answered
                ? Members.parseObject(answered.json())
                : null;
        if (call.request() instanceof Request.Execute execute) {
            return List.of(new AgentCall(call, execute.method(), Members.parse(execute.params()), answer));
        }
        return call.request() instanceof Request.Query query
                ? List.of(new AgentCall(call, query.method(), Members.parse(query.params()), answer))
                : List.of();
    }

    Members answerOrThrow() {
        return Objects.requireNonNull(answer, "a call without an answer");
    }

    boolean isBefore(AgentCall other) {
        return call.isBefore(other.call);
    }

    /** Of an event that is appended, and of an output: the number that no other has. */
    static long mark(Members members, String name) {
        return members.object(name).number("n");
    }

    static boolean hasNumber(Members members, String name) {
        return members.has(name) && members.node(name) instanceof JsonNumber;
    }

    static boolean hasObject(Members members, String name) {
        return members.has(name) && members.node(name) instanceof JsonObject;
    }

    static String text(AgentCall... calls) {
        return CallText.of(List.of(calls).stream().map(AgentCall::call).toList());
    }
}
