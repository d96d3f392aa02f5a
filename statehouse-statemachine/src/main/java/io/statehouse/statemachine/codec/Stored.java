package io.statehouse.statemachine.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.statehouse.proto.storage.v1.LoggedKey;
import io.statehouse.proto.storage.v1.LoggedLabel;
import io.statehouse.proto.storage.v1.LoggedOrigin;
import io.statehouse.proto.storage.v1.LoggedRead;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import java.util.ArrayList;
import java.util.List;

/** The parts that several stored formats share, and the one way to read a message without copying its bytes. */
final class Stored {
    private Stored() {}

    /** Reads a message whose byte fields point into the array instead of copying it. */
    static <M extends Message> M parse(Parser<M> parser, byte[] bytes, String what) {
        return parse(parser, UnsafeByteOperations.unsafeWrap(bytes).newCodedInput(), what);
    }

    static <M extends Message> M parse(Parser<M> parser, CodedInputStream input, String what) {
        try {
            input.enableAliasing(true);
            M message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new StoreFailedException("cannot read " + what + "; this replica must stop", e);
        }
    }

    static ByteString wrap(Json json) {
        return UnsafeByteOperations.unsafeWrap(json.utf8());
    }

    static Json json(ByteString bytes) {
        return Json.ofTrusted(bytes.toByteArray());
    }

    static LoggedKey toStored(Key key) {
        Agent agent = key.agent();
        return LoggedKey.newBuilder()
                .setTimeline(agent.timeline().id())
                .setNamespace(agent.namespace())
                .setAgent(agent.id())
                .setName(key.name())
                .build();
    }

    static Key toKey(LoggedKey key) {
        // One object for the timeline that nearly all keys are of: equal keys are then told by looking at less memory.
        Timeline timeline = key.getTimeline() == Timeline.MAIN.id() ? Timeline.MAIN : new Timeline(key.getTimeline());
        return new Agent(timeline, key.getNamespace(), key.getAgent()).key(key.getName());
    }

    static LoggedRead toStored(ReadRecord read) {
        return LoggedRead.newBuilder()
                .setKey(toStored(read.key()))
                .setVersion(read.version())
                .build();
    }

    static List<ReadRecord> toReads(List<LoggedRead> stored) {
        List<ReadRecord> reads = new ArrayList<>(stored.size());
        for (LoggedRead read : stored) {
            reads.add(new ReadRecord(toKey(read.getKey()), read.getVersion()));
        }
        return reads;
    }

    static LoggedOrigin toStored(Origin origin) {
        LoggedOrigin.Builder stored =
                LoggedOrigin.newBuilder().setActor(origin.actor()).setTraceId(origin.traceId());
        for (Origin.Label label : origin.labels()) {
            stored.addLabels(LoggedLabel.newBuilder().setName(label.name()).setValue(label.value()));
        }
        return stored.build();
    }

    static Origin toOrigin(LoggedOrigin stored) {
        if (stored.equals(LoggedOrigin.getDefaultInstance())) {
            return Origin.NONE;
        }
        List<Origin.Label> labels = new ArrayList<>(stored.getLabelsCount());
        for (LoggedLabel label : stored.getLabelsList()) {
            labels.add(new Origin.Label(label.getName(), label.getValue()));
        }
        return new Origin(stored.getActor(), stored.getTraceId(), labels);
    }
}
