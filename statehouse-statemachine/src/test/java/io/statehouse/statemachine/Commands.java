package io.statehouse.statemachine;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Executes commands one by one, at a wall time that the test moves. */
final class Commands {
    static final long START = 1_800_000_000_000L;

    long now = START;
    private final StateMachine state;
    private long index;

    Commands(StateMachine state) {
        this.state = state;
    }

    void put(Key key, String text) {
        write("put-" + index, new Operation.Put(key, json(text)));
    }

    void write(String id, Operation... operations) {
        execute(new CommitTransaction(new TxnId(id), List.of(operations), List.of(), List.of(), Origin.NONE));
    }

    Reply execute(Command command) {
        LoggedBatch batch = new LoggedBatch(new Stamp(now, new byte[] {(byte) index}), 1, index, List.of(command));
        return state.execute(new LogPosition(1, index++), batch).getFirst();
    }

    static Json json(String text) {
        return Json.ofTrusted(("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
    }
}
