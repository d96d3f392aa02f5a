package io.statehouse.node.agent;

import io.statehouse.node.service.LeaseKeys;
import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A lease as the core sees it: ordinary keys and ordinary conditions.
 *
 * <p>{@code held/R} holds its holder for as long as the lease lasts; the core takes the value away when log time has come.
 * {@code token/R} is written by whoever takes the lease and by nobody else, so its version is the fencing token: each is larger
 * than all before. A commit that names a token is one that requires this version of it and that the lease is held.
 */
final class Leases {
    private Leases() {}

    static Key held(Ask ask, String resource) {
        return ask.agent(LeaseKeys.AGENT).key(LeaseKeys.HELD + resource);
    }

    static Key token(Ask ask, String resource) {
        return ask.agent(LeaseKeys.AGENT).key(LeaseKeys.TOKEN + resource);
    }

    static Key queue(Ask ask, String resource) {
        return ask.agent(LeaseKeys.AGENT).key(LeaseKeys.QUEUE + IdempotencyKey.hash(resource));
    }

    /** A resource and the token by which a caller says that it holds it. */
    record Fence(String resource, long token) {}

    /** What must hold at a commit that names a fence. */
    static List<Condition> conditions(Ask ask, Fence fence) {
        return List.of(
                new Condition.VersionEquals(token(ask, fence.resource()), fence.token()),
                new Condition.Exists(held(ask, fence.resource())));
    }

    static List<Condition> conditions(Ask ask, List<Fence> fences) {
        List<Condition> conditions = new ArrayList<>();
        fences.forEach(fence -> conditions.addAll(conditions(ask, fence)));
        return conditions;
    }

    /** The fences that a call names, as {@code [{"resource":"R","token":7}]}. */
    static List<Fence> fences(Params params, String name) {
        JsonArray given = params.optionalArray(name);
        List<Fence> fences = new ArrayList<>();
        for (JsonNode item : given == null ? List.<JsonNode>of() : given.items()) {
            if (!(item instanceof JsonObject object)) {
                throw Refusals.invalid(name, "not an array of {resource, token}");
            }
            Params fence = Params.of(object, List.of());
            fences.add(new Fence(fence.name("resource"), fence.number("token")));
        }
        return fences;
    }
}
