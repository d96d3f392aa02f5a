package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.json.Amounts;
import io.statehouse.statemachine.json.JsonNode;
import io.statehouse.statemachine.json.JsonParser;
import io.statehouse.statemachine.json.JsonPatch;
import io.statehouse.statemachine.json.JsonPatchException;
import io.statehouse.statemachine.json.JsonSyntaxException;
import io.statehouse.statemachine.json.JsonWriter;
import io.statehouse.statemachine.json.MergePatch;
import org.jspecify.annotations.Nullable;

/** Makes new values of old ones, within the bounds of the work for one transaction and for one log entry. */
final class Edits {
    private final Limits limits;
    private long workBytes;
    private long entryWorkBytes;

    Edits(Limits limits) {
        this.limits = limits;
    }

    /** The next transaction of the entry. */
    void begin() {
        workBytes = 0;
    }

    /** A bound was passed. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Reply.LimitExceeded reply;

        TooLargeException(Reply.LimitExceeded reply) {
            super(reply.limit(), null, false, false);
            this.reply = reply;
        }

        Reply.LimitExceeded reply() {
            return reply;
        }
    }

    /** What a value becomes by an edit; null = there is no value. */
    Json apply(Operation.Edit edit, @Nullable Json before) throws JsonPatchException, TooLargeException {
        charge(edit.argument().length() + (before == null ? 0L : before.length()));
        JsonNode argument = parse(edit.argument());
        JsonNode found = before == null ? null : parse(before);
        Json after = JsonWriter.write(
                switch (edit.change()) {
                    case ADD -> Amounts.add(found, argument, Limits.DECIMAL_DIGITS_MAX);
                    case MERGE_PATCH -> MergePatch.apply(found == null ? JsonNode.JsonObject.EMPTY : found, argument);
                    case JSON_PATCH ->
                        JsonPatch.of(argument)
                                .apply(
                                        found == null ? JsonNode.JsonObject.EMPTY : found,
                                        new JsonPatch.Bounds(limits.jsonDepthMax(), limits.valueBytesMax()),
                                        this::charge);
                });
        if (after.length() > limits.valueBytesMax()) {
            throw new TooLargeException(
                    new Reply.LimitExceeded("valueBytesMax", limits.valueBytesMax(), after.length()));
        }
        // A short patch can make a large value, and all that a log entry makes is in memory together.
        charge(after.length());
        return after;
    }

    private void charge(long bytes) throws TooLargeException {
        workBytes += bytes;
        if (workBytes > Limits.EDIT_WORK_BYTES_MAX) {
            throw new TooLargeException(
                    new Reply.LimitExceeded("editWorkBytesMax", Limits.EDIT_WORK_BYTES_MAX, workBytes));
        }
        if (entryWorkBytes + bytes > Limits.ENTRY_EDIT_WORK_BYTES_MAX) {
            throw new TooLargeException(new Reply.LimitExceeded(
                    Limits.ENTRY_EDIT_WORK, Limits.ENTRY_EDIT_WORK_BYTES_MAX, entryWorkBytes + bytes));
        }
        entryWorkBytes += bytes;
    }

    private JsonNode parse(Json json) throws JsonPatchException {
        try {
            return JsonParser.parse(json.utf8(), limits.jsonDepthMax());
        } catch (JsonSyntaxException e) {
            throw new JsonPatchException("not JSON: " + e.getMessage());
        }
    }
}
