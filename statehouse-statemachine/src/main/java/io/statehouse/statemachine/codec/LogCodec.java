package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.statehouse.proto.storage.v1.LogBatch;
import io.statehouse.proto.storage.v1.LoggedCommand;
import io.statehouse.proto.storage.v1.LoggedCondition;
import io.statehouse.proto.storage.v1.LoggedDigestCheck;
import io.statehouse.proto.storage.v1.LoggedExpireDue;
import io.statehouse.proto.storage.v1.LoggedOperation;
import io.statehouse.proto.storage.v1.LoggedRaiseFeatureLevel;
import io.statehouse.proto.storage.v1.LoggedResolve;
import io.statehouse.proto.storage.v1.LoggedRetainDue;
import io.statehouse.proto.storage.v1.LoggedRevokeToken;
import io.statehouse.proto.storage.v1.LoggedSetQuota;
import io.statehouse.proto.storage.v1.LoggedSetRetention;
import io.statehouse.proto.storage.v1.LoggedTransaction;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.FeatureLevel;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.state.StateDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A logged batch to the bytes of one log entry and back: four bytes of magic, then one LogBatch. */
public final class LogCodec {
    /** "SHL1". */
    private static final int MAGIC = 0x53484C31;

    /** What the value of a logged operation is for. */
    private static final int PUT = 0;

    private static final int APPEND = 1;
    private static final int ADD = 2;
    private static final int MERGE_PATCH = 3;
    private static final int JSON_PATCH = 4;

    private LogCodec() {}

    public static byte[] encode(LoggedBatch batch) {
        LogBatch stored = toStored(batch);
        byte[] entry = new byte[Integer.BYTES + stored.getSerializedSize()];
        ByteBuffer.wrap(entry).putInt(MAGIC);
        try {
            CodedOutputStream output = CodedOutputStream.newInstance(entry, Integer.BYTES, stored.getSerializedSize());
            stored.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("a message does not have its own size", e);
        }
        return entry;
    }

    /** Throws StoreFailedException when the bytes are no entry this release knows: skipping one would fork the replicas. */
    public static LoggedBatch decode(ByteBuffer entry) {
        ByteBuffer bytes = entry.slice();
        if (bytes.remaining() < Integer.BYTES || bytes.getInt() != MAGIC) {
            throw unknown("an entry without the magic of this format");
        }
        LogBatch stored = Stored.parse(LogBatch.parser(), CodedInputStream.newInstance(bytes), "a log entry");
        KnownFields.require(stored);
        Stamp stamp = new Stamp(
                stored.getStamp().getProposedWallMs(),
                stored.getStamp().getSalt().toByteArray());
        List<Command> commands = new ArrayList<>(stored.getCommandsCount());
        for (LoggedCommand command : stored.getCommandsList()) {
            commands.add(toCommand(command));
        }
        return new LoggedBatch(stamp, stored.getProposerId(), stored.getBatchId(), commands);
    }

    static StoreFailedException unknown(String what) {
        return new StoreFailedException("the log holds " + what
                + ", which this release does not know; skipping it would " + "fork this replica from the others");
    }

    private static LogBatch toStored(LoggedBatch batch) {
        LogBatch.Builder stored = LogBatch.newBuilder()
                .setStamp(io.statehouse.proto.storage.v1.Stamp.newBuilder()
                        .setProposedWallMs(batch.stamp().proposedWallMillis())
                        .setSalt(ByteString.copyFrom(batch.stamp().salt())))
                .setProposerId(batch.proposerId())
                .setBatchId(batch.batchId());
        for (Command command : batch.commands()) {
            stored.addCommands(toStored(command));
        }
        return stored.build();
    }

    private static LoggedCommand.Builder toStored(Command command) {
        LoggedCommand.Builder stored =
                LoggedCommand.newBuilder().setTxnId(command.txnId().value());
        return switch (command) {
            case CommitTransaction commit -> stored.setTransaction(toStored(commit));
            case CheckDigest check -> stored.setCheckDigest(toStored(check));
            case ExpireDue due -> stored.setExpireDue(LoggedExpireDue.getDefaultInstance());
            case SetQuota set ->
                stored.setSetQuota(LoggedSetQuota.newBuilder()
                        .setNamespace(set.namespace())
                        .setRules(QuotaCodec.toStored(set.quota())));
            case RaiseFeatureLevel raise ->
                stored.setRaiseFeatureLevel(LoggedRaiseFeatureLevel.newBuilder().setLevel(raise.level()));
            case RetainDue due -> stored.setRetainDue(LoggedRetainDue.getDefaultInstance());
            case SetRetention set ->
                stored.setSetRetention(LoggedSetRetention.newBuilder()
                        .setNamespace(set.namespace())
                        .setRules(RetentionCodec.toStored(set.policy())));
            case CreateToken create -> stored.setCreateToken(TokenCodec.toStored(create.token()));
            case RevokeToken revoke ->
                stored.setRevokeToken(
                        LoggedRevokeToken.newBuilder().setName(revoke.name()).setSecretSha256(revoke.secretSha256()));
            case ResolveTransaction resolve -> stored.setResolve(LoggedResolve.getDefaultInstance());
        };
    }

    private static LoggedDigestCheck.Builder toStored(CheckDigest check) {
        return LoggedDigestCheck.newBuilder()
                .setCommitTs(check.commitTs().value())
                .setDigest(ByteString.copyFrom(check.digest().toBytes()));
    }

    private static LoggedTransaction.Builder toStored(CommitTransaction commit) {
        LoggedTransaction.Builder stored = LoggedTransaction.newBuilder().setOrigin(Stored.toStored(commit.origin()));
        for (Operation operation : commit.operations()) {
            LoggedOperation.Builder part = LoggedOperation.newBuilder().setKey(Stored.toStored(operation.key()));
            stored.addOperations(
                    switch (operation) {
                        case Operation.Put put -> toStored(put.value(), put.lifetime(), part);
                        case Operation.Append append ->
                            toStored(append.value(), append.lifetime(), part).setPurpose(APPEND);
                        case Operation.Edit edit ->
                            part.setJson(Stored.wrap(edit.argument())).setPurpose(purpose(edit.change()));
                        case Operation.Delete delete -> part;
                    });
        }
        for (Condition condition : commit.conditions()) {
            stored.addConditions(toStored(condition));
        }
        for (ReadRecord read : commit.readSet()) {
            stored.addReadSet(Stored.toStored(read));
        }
        return stored;
    }

    private static int purpose(Operation.Change change) {
        return switch (change) {
            case ADD -> ADD;
            case MERGE_PATCH -> MERGE_PATCH;
            case JSON_PATCH -> JSON_PATCH;
        };
    }

    private static LoggedOperation.Builder toStored(Json value, Lifetime lifetime, LoggedOperation.Builder part) {
        part.setJson(Stored.wrap(value));
        return switch (lifetime) {
            case Lifetime.Unbounded unbounded -> part;
            case Lifetime.Lasting lasting -> part.setTtlMs(lasting.millis());
            case Lifetime.Until until -> part.setExpiresMs(until.wallMillis());
        };
    }

    private static LoggedCondition.Builder toStored(Condition condition) {
        LoggedCondition.Builder stored = LoggedCondition.newBuilder().setKey(Stored.toStored(condition.key()));
        return switch (condition) {
            case Condition.VersionEquals wanted -> stored.setVersionEquals(wanted.version());
            case Condition.Exists exists -> stored.setExists(true);
            case Condition.Absent absent -> stored.setExists(false);
            case Condition.UnchangedSince since ->
                stored.setUnchangedSince(since.commitTs().value());
            case Condition.AgentUnchangedSince since ->
                stored.setAgentUnchangedSince(since.commitTs().value());
        };
    }

    private static Command toCommand(LoggedCommand stored) {
        TxnId id = new TxnId(stored.getTxnId());
        return switch (stored.getCommandCase()) {
            case TRANSACTION -> toCommit(id, stored.getTransaction());
            case RESOLVE -> new ResolveTransaction(id);
            case CHECK_DIGEST -> toCheck(stored.getCheckDigest());
            case EXPIRE_DUE -> new ExpireDue();
            case RETAIN_DUE -> new RetainDue();
            case SET_QUOTA ->
                new SetQuota(
                        id,
                        stored.getSetQuota().getNamespace(),
                        QuotaCodec.toQuota(stored.getSetQuota().getRules()));
            case RAISE_FEATURE_LEVEL -> toRaise(stored.getRaiseFeatureLevel().getLevel());
            case SET_RETENTION ->
                new SetRetention(
                        id,
                        stored.getSetRetention().getNamespace(),
                        RetentionCodec.toPolicy(stored.getSetRetention().getRules()));
            case CREATE_TOKEN -> new CreateToken(id, TokenCodec.toToken(stored.getCreateToken()));
            case REVOKE_TOKEN ->
                new RevokeToken(
                        id,
                        stored.getRevokeToken().getName(),
                        stored.getRevokeToken().getSecretSha256());
            case COMMAND_NOT_SET -> throw unknown("a command");
        };
    }

    private static RaiseFeatureLevel toRaise(int level) {
        if (level > FeatureLevel.LATEST) {
            throw unknown("commands of feature level " + level);
        }
        return new RaiseFeatureLevel(level);
    }

    private static CheckDigest toCheck(LoggedDigestCheck stored) {
        if (stored.getDigest().size() != StateDigest.BYTES) {
            throw unknown("a digest of " + stored.getDigest().size() + " bytes");
        }
        return new CheckDigest(
                new CommitTs(stored.getCommitTs()),
                StateDigest.ofBytes(stored.getDigest().toByteArray()));
    }

    private static CommitTransaction toCommit(TxnId id, LoggedTransaction stored) {
        List<Operation> operations = new ArrayList<>(stored.getOperationsCount());
        for (LoggedOperation operation : stored.getOperationsList()) {
            operations.add(toOperation(operation));
        }
        List<Condition> conditions = new ArrayList<>(stored.getConditionsCount());
        for (LoggedCondition condition : stored.getConditionsList()) {
            conditions.add(toCondition(condition));
        }
        return new CommitTransaction(
                id,
                operations,
                conditions,
                Stored.toReads(stored.getReadSetList()),
                Stored.toOrigin(stored.getOrigin()));
    }

    private static Operation toOperation(LoggedOperation stored) {
        Key key = Stored.toKey(stored.getKey());
        if (!stored.hasJson()) {
            return new Operation.Delete(key);
        }
        Json json = Stored.json(stored.getJson());
        return switch (stored.getPurpose()) {
            case PUT -> new Operation.Put(key, json, toLifetime(stored));
            case APPEND -> new Operation.Append(key, json, toLifetime(stored));
            case ADD -> new Operation.Edit(key, Operation.Change.ADD, json);
            case MERGE_PATCH -> new Operation.Edit(key, Operation.Change.MERGE_PATCH, json);
            case JSON_PATCH -> new Operation.Edit(key, Operation.Change.JSON_PATCH, json);
            default -> throw unknown("an operation");
        };
    }

    private static Lifetime toLifetime(LoggedOperation stored) {
        if (stored.hasExpiresMs()) {
            return new Lifetime.Until(stored.getExpiresMs());
        }
        return stored.getTtlMs() == 0 ? new Lifetime.Unbounded() : new Lifetime.Lasting(stored.getTtlMs());
    }

    private static Condition toCondition(LoggedCondition stored) {
        Key key = Stored.toKey(stored.getKey());
        return switch (stored.getRequirementCase()) {
            case VERSION_EQUALS -> new Condition.VersionEquals(key, stored.getVersionEquals());
            case EXISTS -> stored.getExists() ? new Condition.Exists(key) : new Condition.Absent(key);
            case UNCHANGED_SINCE -> new Condition.UnchangedSince(key, new CommitTs(stored.getUnchangedSince()));
            case AGENT_UNCHANGED_SINCE ->
                new Condition.AgentUnchangedSince(key.agent(), new CommitTs(stored.getAgentUnchangedSince()));
            case REQUIREMENT_NOT_SET -> throw unknown("a condition");
        };
    }
}
