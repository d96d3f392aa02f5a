package io.statehouse.statemachine.codec;

import com.google.protobuf.Message;
import io.statehouse.proto.storage.v1.LogBatch;
import io.statehouse.proto.storage.v1.LoggedCommand;
import io.statehouse.proto.storage.v1.LoggedCondition;
import io.statehouse.proto.storage.v1.LoggedKey;
import io.statehouse.proto.storage.v1.LoggedLabel;
import io.statehouse.proto.storage.v1.LoggedOperation;
import io.statehouse.proto.storage.v1.LoggedRead;
import io.statehouse.proto.storage.v1.LoggedTransaction;

/** Makes sure that a log entry says nothing this release would pass over: a field that one replica obeys and another ignores. */
final class KnownFields {
    private KnownFields() {}

    static void require(LogBatch batch) {
        check(batch);
        check(batch.getStamp());
        for (LoggedCommand command : batch.getCommandsList()) {
            check(command);
            check(command.getResolve());
            check(command.getCheckDigest());
            check(command.getExpireDue());
            check(command.getRetainDue());
            check(command.getRaiseFeatureLevel());
            check(command.getSetQuota());
            check(command.getSetQuota().getRules());
            check(command.getSetRetention());
            check(command.getSetRetention().getRules());
            check(command.getCreateToken());
            command.getCreateToken().getGrantsList().forEach(KnownFields::check);
            check(command.getRevokeToken());
            if (command.hasTransaction()) {
                require(command.getTransaction());
            }
        }
    }

    private static void require(LoggedTransaction transaction) {
        check(transaction);
        check(transaction.getOrigin());
        for (LoggedLabel label : transaction.getOrigin().getLabelsList()) {
            check(label);
        }
        for (LoggedOperation operation : transaction.getOperationsList()) {
            check(operation);
            require(operation.getKey());
        }
        for (LoggedCondition condition : transaction.getConditionsList()) {
            check(condition);
            require(condition.getKey());
        }
        for (LoggedRead read : transaction.getReadSetList()) {
            check(read);
            require(read.getKey());
        }
    }

    private static void require(LoggedKey key) {
        check(key);
    }

    private static void check(Message message) {
        if (!message.getUnknownFields().isEmpty()) {
            throw LogCodec.unknown(
                    "a field of " + message.getDescriptorForType().getName());
        }
    }
}
