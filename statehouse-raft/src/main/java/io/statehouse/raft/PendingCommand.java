package io.statehouse.raft;

import io.statehouse.statemachine.AccessToken;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.decide.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * A command that waits for its reply.
 *
 * @param bytes no less than the size of the command in a log entry; the caps on batches and on the queue count it
 * @param arrivedNanos when it came, by {@link System#nanoTime}
 */
record PendingCommand(Command command, int bytes, CompletableFuture<Reply> reply, long arrivedNanos) {
    /** No less than what an entry spends on tags and lengths around one part of a command. */
    private static final int BYTES_PER_PART = 64;

    private static final int ASCII_MAX = 0x7f;
    private static final int TWO_BYTES_MAX = 0x7ff;
    private static final int THREE_BYTES = 3;

    /** One that comes now. */
    PendingCommand(Command command, int bytes, CompletableFuture<Reply> reply) {
        this(command, bytes, reply, System.nanoTime());
    }

    static PendingCommand of(Command command) {
        return new PendingCommand(
                command, (int) Math.min(bytes(command), Integer.MAX_VALUE), new CompletableFuture<>());
    }

    private static long bytes(Command command) {
        long bytes = BYTES_PER_PART + utf8Bytes(command.txnId().value());
        return switch (command) {
            case CommitTransaction commit -> bytes + bytesOfParts(commit);
            case ResolveTransaction resolve -> bytes;
            case CheckDigest check -> bytes;
            case ExpireDue due -> bytes;
            case RetainDue due -> bytes;
            case RaiseFeatureLevel raise -> bytes;
            case SetRetention set -> bytes + utf8Bytes(set.namespace());
            case SetQuota set -> bytes + utf8Bytes(set.namespace());
            case CreateToken create -> bytes + bytes(create.token());
            case RevokeToken revoke -> bytes + utf8Bytes(revoke.name()) + utf8Bytes(revoke.secretSha256());
        };
    }

    private static long bytes(AccessToken token) {
        long bytes = utf8Bytes(token.name()) + utf8Bytes(token.secretSha256()) + utf8Bytes(token.createdBy());
        for (var grant : token.grants()) {
            bytes += BYTES_PER_PART + utf8Bytes(grant.namespace());
        }
        return bytes;
    }

    private static long bytesOfParts(CommitTransaction commit) {
        long bytes =
                utf8Bytes(commit.origin().actor()) + utf8Bytes(commit.origin().traceId());
        for (var label : commit.origin().labels()) {
            bytes += BYTES_PER_PART + utf8Bytes(label.name()) + utf8Bytes(label.value());
        }
        for (var operation : commit.operations()) {
            bytes += bytes(operation.key()) + bytesOfValue(operation);
        }
        for (var condition : commit.conditions()) {
            bytes += bytes(condition.key());
        }
        for (var read : commit.readSet()) {
            bytes += bytes(read.key());
        }
        return bytes;
    }

    private static long bytesOfValue(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> put.value().length();
            case Operation.Append append -> append.value().length();
            case Operation.Edit edit -> edit.argument().length();
            case Operation.Delete delete -> 0;
        };
    }

    private static long bytes(Key key) {
        return BYTES_PER_PART
                + utf8Bytes(key.name())
                + utf8Bytes(key.agent().id())
                + utf8Bytes(key.agent().namespace());
    }

    private static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate pair is two chars and four bytes; counting three for each stays on the safe side.
            bytes += c <= ASCII_MAX ? 1 : c <= TWO_BYTES_MAX ? 2 : THREE_BYTES;
        }
        return bytes;
    }
}
