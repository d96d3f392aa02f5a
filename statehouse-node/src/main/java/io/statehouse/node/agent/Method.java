package io.statehouse.node.agent;

import io.statehouse.statemachine.json.JsonNode;
import java.util.List;

/**
 * What can be asked by name.
 *
 * @param isWrite whether it may change state
 * @param params their names in order, for those who give them by position
 */
record Method(boolean isWrite, List<String> params, Body body) {
    Method {
        params = List.copyOf(params);
    }

    /** What it does. */
    interface Body {
        JsonNode run(Ask ask, Params params);
    }
}
