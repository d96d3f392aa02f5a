package io.statehouse.statemachine.history;

import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Quota;
import io.statehouse.statemachine.RetentionPolicy;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Short hash of what a transaction asks for, by which a repetition is told from another request under the same id. Where it
 * comes from does not count: a retry may carry another trace.
 */
public final class Fingerprint {
    /** An id that was aborted before anything was asked under it. */
    public static final Fingerprint NOTHING_ASKED = new Fingerprint(new byte[0]);

    private static final int BYTES = 16;
    private static final byte PUT = 1;
    private static final byte DELETE = 2;
    private static final byte VERSION_EQUALS = 3;
    private static final byte EXISTS = 4;
    private static final byte ABSENT = 5;
    private static final byte UNCHANGED_SINCE = 6;
    private static final byte READ = 7;
    private static final byte PUT_FOR_A_TIME = 8;
    private static final byte SET_RETENTION = 9;
    private static final byte AGENT_UNCHANGED_SINCE = 10;
    private static final byte PUT_UNTIL = 11;
    private static final byte CREATE_TOKEN = 12;
    private static final byte REVOKE_TOKEN = 13;
    private static final byte SET_QUOTA = 14;
    private static final byte APPEND = 15;
    private static final byte ADD = 16;
    private static final byte MERGE_PATCH = 17;
    private static final byte JSON_PATCH = 18;

    private final byte[] bytes;

    private Fingerprint(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Fingerprint ofBytes(byte[] bytes) {
        return new Fingerprint(bytes.clone());
    }

    public static Fingerprint of(Command command) {
        return switch (command) {
            case CommitTransaction commit -> of(commit);
            case ResolveTransaction resolve -> NOTHING_ASKED;
            case CheckDigest check -> NOTHING_ASKED;
            case ExpireDue due -> NOTHING_ASKED;
            case RetainDue due -> NOTHING_ASKED;
            case RaiseFeatureLevel raise -> NOTHING_ASKED;
            case SetRetention set -> of(set);
            case SetQuota set -> of(set);
            case CreateToken create -> of(create);
            case RevokeToken revoke -> of(revoke);
        };
    }

    private static Fingerprint of(CommitTransaction commit) {
        List<byte[]> parts = new ArrayList<>();
        for (Operation operation : commit.operations()) {
            // Every part is ended or has a fixed length by its tag, so that no two requests lay out the same bytes.
            switch (operation) {
                case Operation.Put put -> add(parts, put);
                case Operation.Append append -> add(parts, append);
                case Operation.Edit edit -> add(parts, edit);
                case Operation.Delete delete -> add(parts, DELETE, KeyCodec.ofKey(delete.key()), new byte[0]);
            }
        }
        for (Condition condition : commit.conditions()) {
            byte[] key = KeyCodec.ofKey(condition.key());
            switch (condition) {
                case Condition.VersionEquals wanted ->
                    add(parts, VERSION_EQUALS, key, KeyCodec.ofNumber(wanted.version()));
                case Condition.Exists exists -> add(parts, EXISTS, key, new byte[0]);
                case Condition.Absent absent -> add(parts, ABSENT, key, new byte[0]);
                case Condition.UnchangedSince since ->
                    add(
                            parts,
                            UNCHANGED_SINCE,
                            key,
                            KeyCodec.ofNumber(since.commitTs().value()));
                case Condition.AgentUnchangedSince since ->
                    add(
                            parts,
                            AGENT_UNCHANGED_SINCE,
                            key,
                            KeyCodec.ofNumber(since.commitTs().value()));
            }
        }
        for (ReadRecord read : commit.readSet()) {
            add(parts, READ, KeyCodec.ofKey(read.key()), KeyCodec.ofNumber(read.version()));
        }
        return of(parts);
    }

    private static Fingerprint of(SetRetention set) {
        List<byte[]> parts = new ArrayList<>();
        RetentionPolicy policy = set.policy();
        add(
                parts,
                SET_RETENTION,
                KeyCodec.ofNamespace(Timeline.MAIN, set.namespace()),
                KeyCodec.ofNumber(policy.maxAgeMillis()));
        parts.add(KeyCodec.ofNumber(policy.maxCommits()));
        parts.add(KeyCodec.ofNumber(policy.keepVersions()));
        return of(parts);
    }

    private static Fingerprint of(SetQuota set) {
        List<byte[]> parts = new ArrayList<>();
        Quota quota = set.quota();
        add(
                parts,
                SET_QUOTA,
                KeyCodec.ofNamespace(Timeline.MAIN, set.namespace()),
                KeyCodec.ofNumber(quota.bytesMax()));
        parts.add(KeyCodec.ofNumber(quota.agentsMax()));
        parts.add(KeyCodec.ofNumber(quota.operationsPerSecondMax()));
        return of(parts);
    }

    private static Fingerprint of(CreateToken create) {
        List<byte[]> parts = new ArrayList<>();
        AccessToken token = create.token();
        add(parts, CREATE_TOKEN, KeyCodec.append(text(token.name()), token.secretSha256()), new byte[0]);
        for (Grant grant : token.grants()) {
            parts.add(KeyCodec.append(KeyCodec.append(new byte[0], grant.role().name()), grant.namespace()));
        }
        if (token.expiresMillis() != 0) {
            parts.add(KeyCodec.ofNumber(token.expiresMillis()));
        }
        return of(parts);
    }

    /** Which token has the name is what the node adds that logs it; a repetition may find another one, or none. */
    private static Fingerprint of(RevokeToken revoke) {
        List<byte[]> parts = new ArrayList<>();
        add(parts, REVOKE_TOKEN, text(revoke.name()), new byte[0]);
        return of(parts);
    }

    private static byte[] text(String text) {
        return KeyCodec.append(new byte[0], text);
    }

    private static Fingerprint of(List<byte[]> parts) {
        return new Fingerprint(Arrays.copyOf(Sha256.of(parts.toArray(new byte[0][])), BYTES));
    }

    private static void add(List<byte[]> parts, Operation.Put put) {
        byte[] key = KeyCodec.ofKey(put.key());
        byte[] value = put.value().sha256();
        switch (put.lifetime()) {
            case Lifetime.Unbounded unbounded -> add(parts, PUT, key, value);
            case Lifetime.Lasting lasting -> {
                add(parts, PUT_FOR_A_TIME, key, value);
                parts.add(KeyCodec.ofNumber(lasting.millis()));
            }
            case Lifetime.Until until -> {
                add(parts, PUT_UNTIL, key, value);
                parts.add(KeyCodec.ofNumber(until.wallMillis()));
            }
        }
    }

    private static void add(List<byte[]> parts, Operation.Append append) {
        byte[] lifetime = switch (append.lifetime()) {
            case Lifetime.Unbounded unbounded -> timed(PUT, 0);
            case Lifetime.Lasting lasting -> timed(PUT_FOR_A_TIME, lasting.millis());
            case Lifetime.Until until -> timed(PUT_UNTIL, until.wallMillis());
        };
        add(parts, APPEND, KeyCodec.ofKey(append.key()), append.value().sha256());
        parts.add(lifetime);
    }

    private static byte[] timed(byte tag, long millis) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(tag).putLong(millis).array();
    }

    private static void add(List<byte[]> parts, Operation.Edit edit) {
        byte tag = switch (edit.change()) {
            case ADD -> ADD;
            case MERGE_PATCH -> MERGE_PATCH;
            case JSON_PATCH -> JSON_PATCH;
        };
        add(parts, tag, KeyCodec.ofKey(edit.key()), edit.argument().sha256());
    }

    private static void add(List<byte[]> parts, byte tag, byte[] key, byte[] rest) {
        parts.add(ByteBuffer.allocate(1 + key.length + rest.length)
                .put(tag)
                .put(key)
                .put(rest)
                .array());
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint fingerprint && Arrays.equals(bytes, fingerprint.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
