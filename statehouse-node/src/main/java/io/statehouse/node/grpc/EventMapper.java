package io.statehouse.node.grpc;

import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.Origin;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import java.util.ArrayList;
import java.util.List;

/** Events of history in the words of the wire, no message larger than a client accepts. */
final class EventMapper {
    /** What an event says besides its operations is bounded by the limits on ids and origins; this leaves room for it. */
    private static final int HEAD_BYTES = 64 << 10;

    private final boolean isOfOneAgent;
    private final boolean wantsStruct;
    private final int messageBytesMax;

    EventMapper(boolean isOfOneAgent, boolean wantsStruct, int messageBytesMax) {
        this.isOfOneAgent = isOfOneAgent;
        this.wantsStruct = wantsStruct;
        this.messageBytesMax = messageBytesMax;
    }

    /** One message, or several with the same commit_ts when the operations are too large for one. */
    List<ReplayEvent> events(CommittedTransaction transaction) {
        List<ReplayEvent> messages = new ArrayList<>();
        ReplayEvent.Builder message = head(transaction);
        addReadSet(message, transaction);
        // Of one operation there is nothing to divide.
        long size = transaction.events().size() < 2 ? 0 : message.build().getSerializedSize();
        for (Event event : transaction.events()) {
            Operation operation = operation(event);
            int added = operation.getSerializedSize();
            if (message.getOperationsCount() > 0 && size + added + HEAD_BYTES > messageBytesMax) {
                messages.add(message.build());
                message = head(transaction);
                size = 0;
            }
            message.addOperations(operation);
            size += added;
        }
        messages.add(message.build());
        return messages;
    }

    private ReplayEvent.Builder head(CommittedTransaction transaction) {
        ReplayEvent.Builder message = ReplayEvent.newBuilder()
                .setTxnId(transaction.txnId().value())
                .setCommitTs(transaction.commitTs().value())
                .setWallTimeMs(transaction.wallMillis())
                .setOrigin(origin(transaction.origin()));
        if (!transaction.events().isEmpty()) {
            Agent agent = transaction.events().get(0).key().agent();
            message.setNamespace(agent.namespace());
            if (isOfOneAgent) {
                message.setAgentId(agent.id());
            }
        }
        return message;
    }

    private static void addReadSet(ReplayEvent.Builder message, CommittedTransaction transaction) {
        transaction.readSet().forEach(read -> message.addReadSet(readRecord(read)));
    }

    static ReadRecord readRecord(io.statehouse.statemachine.command.ReadRecord read) {
        return ReadRecord.newBuilder()
                .setNamespace(read.key().agent().namespace())
                .setAgentId(read.key().agent().id())
                .setKey(read.key().name())
                .setVersion(read.version())
                .build();
    }

    static Origin origin(io.statehouse.statemachine.command.Origin origin) {
        Origin.Builder message = Origin.newBuilder().setActor(origin.actor()).setTraceId(origin.traceId());
        origin.labels()
                .forEach(label -> message.addLabels(
                        Label.newBuilder().setName(label.name()).setValue(label.value())));
        return message.build();
    }

    private Operation operation(Event event) {
        Key key = event.key();
        Operation.Builder operation = Operation.newBuilder().setKey(key.name()).setVersion(event.version());
        if (!isOfOneAgent) {
            operation
                    .setNamespace(key.agent().namespace())
                    .setAgentId(key.agent().id());
        }
        switch (event) {
            case Event.EntryPut put -> setValue(operation, put);
            case Event.EntryDeleted deleted -> operation.setExpired(deleted.isExpiry());
            case Event.EntryErased erased -> operation.setErased(true);
        }
        return operation.build();
    }

    private void setValue(Operation.Builder operation, Event.EntryPut put) {
        operation.setExpiresMs(put.expiresMillis());
        if (wantsStruct) {
            operation.setValue(StructJson.toStruct(put.value()));
        } else {
            operation.setJson(AnswerMapper.bytes(put.value()));
        }
    }
}
