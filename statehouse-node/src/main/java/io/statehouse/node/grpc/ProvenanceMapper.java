package io.statehouse.node.grpc;

import io.statehouse.node.service.ProvenanceService;
import io.statehouse.node.service.Refusals;
import io.statehouse.proto.v1.DownstreamRead;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.ExplainedRead;
import io.statehouse.proto.v1.VersionRef;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.history.Provenance;
import io.statehouse.statemachine.state.Entry;
import org.jspecify.annotations.Nullable;

/** Questions about decisions and their answers, in the words of the service and of the wire. */
final class ProvenanceMapper {
    private static final int READERS_PER_PAGE = 100;

    /** Never split here. */
    private static final int MESSAGE_BYTES_MAX = Integer.MAX_VALUE;

    private ProvenanceMapper() {}

    static ProvenanceService.Query query(ExplainRequest request) {
        int readersMax = request.getDownstreamPageSize() == 0 ? READERS_PER_PAGE : request.getDownstreamPageSize();
        if (readersMax < 0) {
            throw Refusals.limitExceeded(
                    "downstream_page_size", ProvenanceService.PAGE_SIZE_MAX, Integer.toUnsignedLong(readersMax));
        }
        return new ProvenanceService.Query(
                subject(request), ApiMapper.freshness(request.getOptions()), position(request), readersMax);
    }

    private static ProvenanceService.Subject subject(ExplainRequest request) {
        return switch (request.getSubjectCase()) {
            case TXN_ID -> new ProvenanceService.Subject.Transaction(new TxnId(request.getTxnId()));
            case VERSION -> {
                VersionRef ref = request.getVersion();
                Key key = ApiMapper.key(ref.getNamespace(), ref.getAgentId(), ref.getKey());
                yield new ProvenanceService.Subject.Version(key, ApiMapper.unsigned(ref.getVersion()));
            }
            case SUBJECT_NOT_SET -> throw Refusals.invalid("subject", "empty");
        };
    }

    private static Provenance.@Nullable Position position(ExplainRequest request) {
        if (!request.getDownstream()) {
            return null;
        }
        if (request.getDownstreamPageToken().isEmpty()) {
            return Provenance.Position.START;
        }
        PageToken token = PageToken.decode(request.getDownstreamPageToken());
        try {
            return new Provenance.Position(Integer.parseUnsignedInt(token.after()), token.at());
        } catch (NumberFormatException e) {
            throw Refusals.invalid("downstream_page_token", "not a token of this service");
        }
    }

    static ExplainResponse answer(ExplainRequest request, ProvenanceService.Explanation explanation) {
        boolean wantsStruct = ApiMapper.wantsStruct(request.getOptions());
        // One message only: an explanation that does not fit one is refused by its size.
        EventMapper events = new EventMapper(false, wantsStruct, MESSAGE_BYTES_MAX);
        ExplainResponse.Builder response = ExplainResponse.newBuilder()
                .setEvent(events.events(explanation.commit()).get(0));
        explanation.reads().forEach(read -> response.addReads(read(read)));
        explanation.readers().forEach(reader -> response.addDownstream(reader(reader)));
        Provenance.Position next = explanation.next();
        if (next != null) {
            response.setNextDownstreamPageToken(new PageToken(next.after(), Integer.toString(next.event())).encode());
        }
        return response.build();
    }

    private static ExplainedRead read(Provenance.Read read) {
        ExplainedRead.Builder message = ExplainedRead.newBuilder()
                .setRef(ref(read.record().key(), read.record().version()))
                .setErased(read.isErased());
        Entry entry = read.entry();
        if (entry == null) {
            return message.build();
        }
        Json value = entry.value();
        message.setCommitTs(entry.commitTs().value())
                .setTxnId(entry.txnId().value())
                .setExists(value != null);
        return value == null
                ? message.build()
                : message.setJson(AnswerMapper.bytes(value)).build();
    }

    private static DownstreamRead reader(Provenance.Reader reader) {
        return DownstreamRead.newBuilder()
                .setTxnId(reader.txnId().value())
                .setCommitTs(reader.commitTs().value())
                .setRef(ref(reader.key(), reader.version()))
                .build();
    }

    private static VersionRef ref(Key key, long version) {
        return VersionRef.newBuilder()
                .setNamespace(key.agent().namespace())
                .setAgentId(key.agent().id())
                .setKey(key.name())
                .setVersion(version)
                .build();
    }
}
