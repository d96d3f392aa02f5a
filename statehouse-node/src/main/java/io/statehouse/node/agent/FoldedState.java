package io.statehouse.node.agent;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;

/**
 * What a session's events have come to until one of them, as text: a tree takes many times the memory.
 *
 * @param sequence the number of the last event that is in it; 0 = none
 */
record FoldedState(Json state, long sequence) {
    private static final int STATE_BYTES_MAX = 1 << 20;
    private static final int DEPTH_MAX = 200;

    /** A reducer's own tree, which is JSON only when it is read back. */
    static FoldedState of(JsonNode state, long sequence) {
        Json text = JsonWriter.write(state);
        if (text.length() > STATE_BYTES_MAX) {
            throw new IllegalStateException(
                    "its state has " + text.length() + " bytes; reducerStateBytesMax is " + STATE_BYTES_MAX);
        }
        try {
            JsonNode unusedTree = JsonParser.parse(text.utf8(), DEPTH_MAX);
            return new FoldedState(text, sequence);
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("its state is no JSON of at most " + DEPTH_MAX + " levels", e);
        }
    }

    JsonNode tree() {
        return Doc.node(state);
    }
}
