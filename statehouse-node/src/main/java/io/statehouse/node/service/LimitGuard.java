package io.statehouse.node.service;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.SetRetention;
import java.nio.charset.StandardCharsets;

/** Checks what a caller sends against the node's bounds, before anything is proposed, and names the bound that was passed. */
public final class LimitGuard {
    private final Limits limits;

    public LimitGuard(Limits limits) {
        this.limits = limits;
    }

    /** Checks everything about a transaction but the inside of its values. */
    void check(CommitTransaction transaction) {
        requireId("txn_id", transaction.txnId().value());
        atMost(
                "transactionOperationsMax",
                limits.transactionOperationsMax(),
                transaction.operations().size());
        atMost("conditionsMax", limits.conditionsMax(), transaction.conditions().size());
        atMost("readSetMax", limits.readSetMax(), transaction.readSet().size());
        check(transaction.origin());
        transaction.conditions().forEach(this::check);
        transaction.readSet().stream().map(ReadRecord::key).forEach(this::check);
        long bytes = 0;
        for (Operation operation : transaction.operations()) {
            check(operation);
            bytes += sizeOf(operation);
            atMost("transactionBytesMax", limits.transactionBytesMax(), bytes);
        }
    }

    private void check(Condition condition) {
        if (condition instanceof Condition.AgentUnchangedSince since) {
            check(since.agent());
        } else {
            check(condition.key());
        }
    }

    void check(SetRetention set) {
        requireId("txn_id", set.txnId().value());
        checkNamespace(set.namespace());
        if (set.policy().maxAgeMillis() < 0) {
            throw Refusals.invalid("max_age_ms", "negative");
        }
        atMost("retentionAgeMax", Limits.TTL_MAX.toMillis(), set.policy().maxAgeMillis());
    }

    void check(Operation operation) {
        check(operation.key());
        switch (operation) {
            case Operation.Put put -> check(put.value());
            case Operation.Append append -> {
                check(append.value());
                atMost(
                        "keyBytesMax",
                        limits.keyBytesMax(),
                        bytes(append.key().name()) + Operation.Append.ITEM_NAME_BYTES);
            }
            case Operation.Edit edit -> check(edit.argument());
            case Operation.Delete delete -> {}
        }
    }

    /** Bytes of the operation that count towards the bound on a transaction. */
    static long sizeOf(Operation operation) {
        long key = bytes(operation.key().name())
                + bytes(operation.key().agent().id())
                + bytes(operation.key().agent().namespace());
        return switch (operation) {
            case Operation.Put put -> key + put.value().length();
            case Operation.Append append -> key + append.value().length();
            case Operation.Edit edit -> key + edit.argument().length();
            case Operation.Delete delete -> key;
        };
    }

    /** Checks that one more operation still makes a transaction that could commit. */
    void checkStaged(int operations, long bytes) {
        atMost("transactionOperationsMax", limits.transactionOperationsMax(), operations);
        atMost("transactionBytesMax", limits.transactionBytesMax(), bytes);
    }

    public void check(Key key) {
        check(key.agent());
        requireText("key", key.name());
        atMost("keyBytesMax", limits.keyBytesMax(), bytes(key.name()));
    }

    public void check(Agent agent) {
        checkNamespace(agent.namespace());
        requireId("agent_id", agent.id());
    }

    public void checkNamespace(String namespace) {
        requireId("namespace", namespace);
    }

    public void check(TxnId id) {
        requireId("txn_id", id.value());
    }

    public void checkPrefix(String prefix) {
        atMost("keyBytesMax", limits.keyBytesMax(), bytes(prefix));
    }

    private void check(Json value) {
        atMost("valueBytesMax", limits.valueBytesMax(), value.length());
    }

    void check(Origin origin) {
        long bytes = bytes(origin.actor()) + bytes(origin.traceId());
        for (Origin.Label label : origin.labels()) {
            requireText("label name", label.name());
            bytes += bytes(label.name()) + bytes(label.value());
        }
        atMost("originBytesMax", limits.originBytesMax(), bytes);
    }

    private void requireId(String field, String id) {
        requireText(field, id);
        atMost("idBytesMax", limits.idBytesMax(), bytes(id));
    }

    private static void requireText(String field, String text) {
        if (text.isEmpty()) {
            throw Refusals.invalid(field, "empty");
        }
        if (JsonGuard.hasLoneSurrogate(text)) {
            throw Refusals.invalid(field, "half of a surrogate pair");
        }
    }

    private static void atMost(String limit, long max, long actual) {
        if (actual > max) {
            throw Refusals.limitExceeded(limit, max, actual);
        }
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
