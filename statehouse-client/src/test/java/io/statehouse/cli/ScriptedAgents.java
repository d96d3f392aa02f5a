package io.statehouse.cli;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.client.Json;
import io.statehouse.proto.v1.AgentRequest;
import io.statehouse.proto.v1.AgentResponse;
import io.statehouse.proto.v1.AgentServiceGrpc;
import io.statehouse.proto.v1.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One session of the agent layer, as far as a command line needs it. */
final class ScriptedAgents {
    private static final String SESSION = """
            {"id":"research-7","name":"Lisbon to Berlin","created_at":"2026-11-21T10:15:00Z",\
            "updated_at":"2026-11-21T10:15:02.89Z","event_count":6,"labels":{"team":"travel"},"writers":"append"}""";
    private static final String TOTALS = """
            {"events":6,"tokens":{"in":1000,"out":170,"cost_usd":0.018},"tool_calls":1,"duration_ms":700,\
            "types":{"user_message":1,"llm_request":1,"llm_response":2,"tool_called":1,"tool_result":1}}""";
    private static final String AUDIT = """
            {"user":{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","username":"ada"},\
            "session":{"id":"4b6cfa6e-58c9-4f0e-9a57-1d2f0c9a7f11","user_id":"0f8fad5b-d9cb-469f-a165-70867728950e",\
            "status":"active","created_at":"2026-11-21T10:15:00Z","last_activity_at":"2026-11-21T10:15:09Z"},\
            "goals":[{"goal":{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","title":"Book a flight","status":"in_progress",\
            "priority":"high","description":"to Berlin","started_at":"2026-11-21T10:15:03Z","completed_at":null},\
            "executions":[{"tool_name":"search","status":"completed","tool_input":{"to":"BER"},\
            "output":{"flights":[17,18,21],"cheapest":{"flight":18,"price":329.50,"currency":"EUR"}},"error":null,\
            "idempotency_key":"auto:search:20261121:5d41402abc4b2a76","created_at":"2026-11-21T10:15:05Z"}]}]}""";
    private static final List<String> EVENTS = List.of(
            event(1, "user_message", "{\"content\":\"find a flight\",\"role\":\"user\"}", "00Z", ""),
            event(2, "llm_request", "{\"prompt\":\"plan\"}", "00.4Z", "\"tokens_in\":600,\"model\":\"m\""),
            event(3, "llm_response", "{\"content\":\"search first\"}", "01.1Z", "\"tokens_out\":70,\"cost_usd\":0.006"),
            event(
                    4,
                    "tool_called",
                    "{\"tool\":\"search\",\"args\":{\"to\":\"BER\"}}",
                    "01.2Z",
                    "\"tool_name\":\"search\""),
            event(5, "tool_result", "{\"result\":[17,18,21]}", "01.9Z", "\"duration_ms\":700"),
            event(
                    6,
                    "llm_response",
                    "{\"content\":\"take 18\"}",
                    "02.89Z",
                    "\"tokens_in\":400,\"tokens_out\":100,\"cost_usd\":0.012"));

    private ScriptedAgents() {}

    private static String event(int number, String type, String payload, String second, String metadata) {
        return "{\"session_id\":\"research-7\",\"sequence_number\":" + number + ",\"type\":\"" + type
                + "\",\"payload\":" + payload + ",\"timestamp\":\"2026-11-21T10:15:" + second + "\",\"metadata\":{"
                + metadata + "}}";
    }

    static void behind(ScriptedServer server) {
        server.answer(AgentServiceGrpc.getQueryMethod(), ScriptedAgents::answer);
    }

    static AgentResponse answer(AgentRequest request) {
        Map<String, ?> params = Json.parse(request.getParams().toStringUtf8()).toMap();
        String answer = switch (request.getMethod()) {
            case "events.list_sessions" -> request.getNamespace().equals("default") ? "[" + SESSION + "]" : "[]";
            case "events.session_ids" ->
                Long.valueOf(1).equals(params.get("from"))
                        ? "{\"ids\":[\"research-7\"],\"next\":9}"
                        : "{\"ids\":[],\"next\":null}";
            case "events.get_session" -> known(params, "research-7", SESSION);
            case "events.totals" -> known(params, "research-7", TOTALS);
            case "events.state" -> known(params, "research-7", "{\"version\":6,\"event_count\":6}");
            case "events.read" -> page(params);
            case "session.audit" -> known(params, "4b6cfa6e-58c9-4f0e-9a57-1d2f0c9a7f11", AUDIT);
            default -> throw Status.UNIMPLEMENTED.asRuntimeException();
        };
        return AgentResponse.newBuilder()
                .setResult(ByteString.copyFromUtf8(answer))
                .build();
    }

    private static String known(Map<String, ?> params, String id, String answer) {
        if (id.equals(params.get("id"))) {
            return answer;
        }
        String message = "Not found: event session " + params.get("id") + " not found";
        throw ScriptedStore.error(Status.Code.NOT_FOUND, ErrorCode.KEY_NOT_FOUND, message, Map.of());
    }

    /** Two to a page, so that there are pages. */
    private static String page(Map<String, ?> params) {
        int from = ((Number) Objects.requireNonNull(params.get("from_seq"))).intValue();
        int to = Math.min(from + 1, EVENTS.size());
        String events = EVENTS.subList(from - 1, to).stream()
                .filter(event -> params.get("types") == null
                        || ((List<?>) params.get("types"))
                                .stream().anyMatch(type -> event.contains("\"type\":\"" + type)))
                .collect(Collectors.joining(","));
        return "{\"events\":[" + events + "],\"next_seq\":" + (to == EVENTS.size() ? "null" : to + 1) + "}";
    }
}
