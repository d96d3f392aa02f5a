package io.statehouse.raft;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands for tests. */
final class Commands {
    static final Agent AGENT = new Agent("default", "ada");

    private Commands() {}

    static Key key(String name) {
        return AGENT.key(name);
    }

    static Command put(String txnId, String key, String json) {
        return new CommitTransaction(
                new TxnId(txnId),
                List.of(new Operation.Put(key(key), Json.ofTrusted(json.getBytes(StandardCharsets.UTF_8)))),
                List.of(),
                List.of(),
                Origin.NONE);
    }

    /** Commits only onto that version of the key. */
    static Command putOnto(String txnId, String key, long version) {
        return new CommitTransaction(
                new TxnId(txnId),
                List.of(new Operation.Put(key(key), Json.ofTrusted("{}".getBytes(StandardCharsets.UTF_8)))),
                List.of(new Condition.VersionEquals(key(key), version)),
                List.of(),
                Origin.NONE);
    }
}
