package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.json.JsonPatchException;
import io.statehouse.statemachine.state.CommitPoint;
import io.statehouse.statemachine.state.KeyHead;
import io.statehouse.statemachine.state.KeyHeads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the operations of a transaction whose conditions hold into events; each operation sees what those before it made. */
final class Acceptance {
    private final Edits edits;
    private final CommitPoint point;
    private final KeyHeads heads;
    private final List<Event> events = new ArrayList<>();
    private final Map<Key, Event> touched = new HashMap<>();

    Acceptance(Edits edits, CommitPoint point, KeyHeads heads) {
        this.edits = edits;
        this.point = point;
        this.heads = heads;
    }

    Decision accept(List<Operation> operations) {
        edits.begin();
        List<Long> versions = new ArrayList<>(operations.size());
        for (int index = 0; index < operations.size(); index++) {
            try {
                versions.add(apply(operations.get(index)));
            } catch (Edits.TooLargeException e) {
                return Decision.refused(e.reply());
            } catch (JsonPatchException e) {
                return Decision.refused(
                        new Reply.NotApplicable(operations.get(index).key(), index, String.valueOf(e.getMessage())));
            }
        }
        return new Decision(events, new Reply.Committed(point.commitTs(), point.wallMillis(), versions, false));
    }

    /** Returns the version that the operation made of its key. */
    private long apply(Operation operation) throws JsonPatchException, Edits.TooLargeException {
        Key key = operation.key();
        long version = versionOf(key) + 1;
        switch (operation) {
            case Operation.Put put -> make(put(key, version, put.value(), put.lifetime()));
            case Operation.Delete delete -> make(new Event.EntryDeleted(key, version));
            case Operation.Append append -> {
                make(new Event.EntryPut(key, version, number(version)));
                Key item = Operation.Append.item(key, version);
                make(put(item, versionOf(item) + 1, append.value(), append.lifetime()));
            }
            case Operation.Edit edit -> {
                Holding now = holding(key);
                make(new Event.EntryPut(key, version, edits.apply(edit, now.value), now.expiresMillis));
            }
        }
        return version;
    }

    private void make(Event event) {
        events.add(event);
        touched.put(event.key(), event);
    }

    private long versionOf(Key key) {
        Event made = touched.get(key);
        return made == null ? heads.headOf(key).version() : made.version();
    }

    /** What a key holds before the next operation. */
    private record Holding(@Nullable Json value, long expiresMillis) {
        static final Holding NOTHING = new Holding(null, 0);
    }

    private Holding holding(Key key) {
        Event made = touched.get(key);
        if (made != null) {
            return made instanceof Event.EntryPut put ? new Holding(put.value(), put.expiresMillis()) : Holding.NOTHING;
        }
        KeyHead head = heads.headOf(key);
        return head.hasValue(point.wallMillis())
                ? new Holding(heads.valueOf(key), head.expiresMillis())
                : Holding.NOTHING;
    }

    private Event put(Key key, long version, Json value, Lifetime lifetime) {
        long now = point.wallMillis();
        return switch (lifetime) {
            case Lifetime.Unbounded unbounded -> new Event.EntryPut(key, version, value);
            case Lifetime.Lasting lasting -> new Event.EntryPut(key, version, value, now + lasting.millis());
            case Lifetime.Until until ->
                until.wallMillis() > now
                        ? new Event.EntryPut(key, version, value, until.wallMillis())
                        : new Event.EntryDeleted(key, version);
        };
    }

    private static Json number(long number) {
        return Json.ofTrusted(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }
}
