package io.statehouse.statemachine.decide;

import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like whatever the state is. Callers are told by the edge; this is the same judgement on every replica
 * for whatever came through.
 */
public final class RequestRules {
    /** The token that a node's configuration gives. */
    private static final String RESERVED_TOKEN_NAME = "bootstrap";

    private static final Pattern TOKEN_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Limits limits;

    public RequestRules(Limits limits) {
        this.limits = limits;
    }

    /** The first rule that an id breaks; null when it may be used. Nothing can be kept under one that may not. */
    public @Nullable Reply firstBroken(TxnId id) {
        return text("txn_id", id.value(), "idBytesMax", limits.idBytesMax());
    }

    /** The first rule that a transaction breaks; null when there is none. */
    public @Nullable Reply firstBroken(CommitTransaction commit) {
        Reply tooMany = counts(commit);
        if (tooMany != null) {
            return tooMany;
        }
        long bytes = 0;
        for (Operation operation : commit.operations()) {
            Reply broken = key(operation);
            if (broken != null) {
                return broken;
            }
            long valueBytes = valueBytes(operation);
            if (valueBytes > limits.valueBytesMax()) {
                return new Reply.LimitExceeded("valueBytesMax", limits.valueBytesMax(), valueBytes);
            }
            Reply badLifetime = lifetime(operation);
            if (badLifetime != null) {
                return badLifetime;
            }
            bytes += valueBytes + keyBytes(operation.key());
        }
        if (bytes > limits.transactionBytesMax()) {
            return new Reply.LimitExceeded("transactionBytesMax", limits.transactionBytesMax(), bytes);
        }
        return keysOfChecks(commit);
    }

    /** The first rule that a policy breaks; null when there is none. */
    public @Nullable Reply firstBroken(SetRetention set) {
        Reply broken = text("namespace", set.namespace(), "idBytesMax", limits.idBytesMax());
        RetentionPolicy policy = set.policy();
        if (broken == null) {
            broken = notNegative("max_age_ms", policy.maxAgeMillis());
        }
        if (broken == null) {
            broken = notNegative("max_commits", policy.maxCommits());
        }
        if (broken == null) {
            broken = notNegative("keep_versions", policy.keepVersions());
        }
        return broken == null ? count("retentionAgeMax", Limits.TTL_MAX.toMillis(), policy.maxAgeMillis()) : broken;
    }

    /** The first rule that a quota breaks; null when there is none. */
    public @Nullable Reply firstBroken(SetQuota set) {
        Reply broken = text("namespace", set.namespace(), "idBytesMax", limits.idBytesMax());
        Quota quota = set.quota();
        if (broken == null) {
            broken = notNegative("bytes_max", quota.bytesMax());
        }
        if (broken == null) {
            broken = notNegative("agents_max", quota.agentsMax());
        }
        return broken == null ? notNegative("operations_per_second_max", quota.operationsPerSecondMax()) : broken;
    }

    /** The first rule that a new token breaks; null when there is none. */
    public @Nullable Reply firstBroken(CreateToken create) {
        AccessToken token = create.token();
        Reply broken = tokenName(token.name());
        if (broken == null && !SHA256.matcher(token.secretSha256()).matches()) {
            broken = new Reply.Invalid("secret_sha256", "is not 64 hexadecimal digits");
        }
        if (broken == null) {
            broken = count("originBytesMax", limits.originBytesMax(), utf8Bytes(token.createdBy()));
        }
        if (broken == null) {
            broken = notNegative("expires_time_ms", token.expiresMillis());
        }
        if (broken == null && token.grants().isEmpty()) {
            broken = new Reply.Invalid("grants", "are none");
        }
        if (broken == null) {
            broken = count("grantsMax", Limits.GRANTS_MAX, token.grants().size());
        }
        for (Grant grant : token.grants()) {
            broken = broken == null ? text("namespace", grant.namespace(), "idBytesMax", limits.idBytesMax()) : broken;
        }
        return broken;
    }

    /** The rule that the name of a token to be revoked breaks; null when there is none. */
    public @Nullable Reply firstBroken(RevokeToken revoke) {
        return tokenName(revoke.name());
    }

    private static @Nullable Reply tokenName(String name) {
        return TOKEN_NAME.matcher(name).matches() && !name.equals(RESERVED_TOKEN_NAME)
                ? null
                : new Reply.Invalid(
                        "name", "is not 1 to 63 of a-z 0-9 _ - beginning with a letter or digit, or reserved");
    }

    private static @Nullable Reply notNegative(String field, long number) {
        return number < 0 ? new Reply.Invalid(field, "is negative") : null;
    }

    private @Nullable Reply counts(CommitTransaction commit) {
        Reply broken = count(
                "transactionOperationsMax",
                limits.transactionOperationsMax(),
                commit.operations().size());
        if (broken == null) {
            broken = count(
                    "conditionsMax", limits.conditionsMax(), commit.conditions().size());
        }
        if (broken == null) {
            broken = count("readSetMax", limits.readSetMax(), commit.readSet().size());
        }
        return broken == null ? count("originBytesMax", limits.originBytesMax(), originBytes(commit.origin())) : broken;
    }

    private @Nullable Reply keysOfChecks(CommitTransaction commit) {
        for (Condition condition : commit.conditions()) {
            Reply broken = condition instanceof Condition.AgentUnchangedSince since
                    ? agent(since.agent())
                    : key(condition.key());
            if (broken != null) {
                return broken;
            }
        }
        for (ReadRecord read : commit.readSet()) {
            Reply broken = key(read.key());
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private @Nullable Reply key(Key key) {
        Reply broken = agent(key.agent());
        return broken == null ? text("key", key.name(), "keyBytesMax", limits.keyBytesMax()) : broken;
    }

    private @Nullable Reply key(Operation operation) {
        Reply broken = key(operation.key());
        return broken == null && operation instanceof Operation.Append append
                ? count(
                        "keyBytesMax",
                        limits.keyBytesMax(),
                        utf8Bytes(append.key().name()) + Operation.Append.ITEM_NAME_BYTES)
                : broken;
    }

    private @Nullable Reply agent(Agent agent) {
        if (!agent.timeline().equals(Timeline.MAIN)) {
            return new Reply.Invalid(
                    "timeline", "there is no timeline " + agent.timeline().id());
        }
        Reply broken = text("namespace", agent.namespace(), "idBytesMax", limits.idBytesMax());
        return broken == null ? text("agent_id", agent.id(), "idBytesMax", limits.idBytesMax()) : broken;
    }

    private static @Nullable Reply text(String field, String value, String limit, int bytesMax) {
        return value.isEmpty() ? new Reply.Invalid(field, "is empty") : count(limit, bytesMax, utf8Bytes(value));
    }

    private static @Nullable Reply count(String limit, long max, long actual) {
        return actual > max ? new Reply.LimitExceeded(limit, max, actual) : null;
    }

    private static @Nullable Reply lifetime(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> broken(put.lifetime());
            case Operation.Append append -> broken(append.lifetime());
            case Operation.Edit edit -> null;
            case Operation.Delete delete -> null;
        };
    }

    private static @Nullable Reply broken(Lifetime lifetime) {
        return switch (lifetime) {
            case Lifetime.Unbounded unbounded -> null;
            case Lifetime.Lasting lasting ->
                lasting.millis() < 0
                        ? new Reply.Invalid("ttl_ms", "is negative")
                        : count("ttlMax", Limits.TTL_MAX.toMillis(), lasting.millis());
            case Lifetime.Until until -> notNegative("expires_ms", until.wallMillis());
        };
    }

    private static long valueBytes(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> put.value().length();
            case Operation.Append append -> append.value().length();
            case Operation.Edit edit -> edit.argument().length();
            case Operation.Delete delete -> 0;
        };
    }

    private static long keyBytes(Key key) {
        return utf8Bytes(key.agent().namespace()) + utf8Bytes(key.agent().id()) + utf8Bytes(key.name());
    }

    private static long originBytes(Origin origin) {
        long bytes = utf8Bytes(origin.actor()) + utf8Bytes(origin.traceId());
        for (Origin.Label label : origin.labels()) {
            bytes += utf8Bytes(label.name()) + utf8Bytes(label.value());
        }
        return bytes;
    }

    private static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (unit > 0x7F) {
                // A pair of surrogates is two units and four bytes.
                bytes += unit > 0x7FF && !Character.isSurrogate(unit) ? 2 : 1;
            }
        }
        return bytes;
    }
}
