package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.DownstreamRead;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import io.statehouse.proto.v1.VersionRef;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExplainTest extends NativeSession {
    @Test
    void aDecisionIsExplainedByWhatItHadReadAsItWasThen() {
        CommitResponse observed = commit(put("observed", "{\"price\":350}"));
        String decision = decide(put("plan", "\"book\""), read("observed", 1), read("never", 0));
        commit(put("observed", "{\"price\":900}"));

        ExplainResponse answer = client.past()
                .explain(ExplainRequest.newBuilder()
                        .setTxnId(decision)
                        .setOptions(AS_JSON)
                        .build());

        assertThat(answer.getEvent().getTxnId()).isEqualTo(decision);
        assertThat(answer.getEvent().getOperations(0).getJson().toStringUtf8()).isEqualTo("\"book\"");
        assertThat(answer.getReads(0).getJson().toStringUtf8()).isEqualTo("{\"price\":350}");
        assertThat(answer.getReads(0).getCommitTs()).isEqualTo(observed.getCommitTs());
        assertThat(answer.getReads(1).getExists()).isFalse();
        assertThat(answer.getReads(1).getRef().getKey()).isEqualTo("never");
        assertThat(answer.getDownstreamList()).isEmpty();
    }

    @Test
    void aVersionIsExplainedByTheTransactionThatMadeIt() {
        commit(put("k", "1"));
        String second = decide(put("k", "2"));
        commit(put("k", "3"));

        ExplainResponse answer = client.past()
                .explain(ExplainRequest.newBuilder().setVersion(ref("k", 2)).build());

        assertThat(answer.getEvent().getTxnId()).isEqualTo(second);
    }

    @Test
    void laterDecisionsThatHadReadItAreNamedPageByPage() {
        String first = decide(put("k", "1"));
        List<String> later = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            later.add(decide(put("d" + i, "1"), read("k", 1)));
        }
        decide(put("k", "2"));
        decide(put("unrelated", "1"), read("k", 2));
        List<String> named = new ArrayList<>();
        ExplainRequest.Builder request =
                ExplainRequest.newBuilder().setTxnId(first).setDownstream(true).setDownstreamPageSize(2);

        ExplainResponse page = client.past().explain(request.build());
        page.getDownstreamList().stream().map(DownstreamRead::getTxnId).forEach(named::add);
        while (!page.getNextDownstreamPageToken().isEmpty()) {
            page = client.past()
                    .explain(request.setDownstreamPageToken(page.getNextDownstreamPageToken())
                            .build());
            page.getDownstreamList().stream().map(DownstreamRead::getTxnId).forEach(named::add);
        }

        assertThat(named).containsExactlyElementsOf(later);
    }

    @Test
    void whatIsNotKnownIsSaidToBe() {
        refused(
                Status.Code.NOT_FOUND,
                ErrorCode.TXN_NOT_FOUND,
                () -> client.past()
                        .explain(ExplainRequest.newBuilder().setTxnId("nobody").build()));
        refused(
                Status.Code.NOT_FOUND,
                ErrorCode.VERSION_NOT_FOUND,
                () -> client.past()
                        .explain(ExplainRequest.newBuilder()
                                .setVersion(ref("k", 1))
                                .build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> client.past().explain(ExplainRequest.getDefaultInstance()));
    }

    private String decide(TransactionOperation operation, ReadRecord... reads) {
        String id = UUID.randomUUID().toString();
        commit(
                id,
                Transaction.newBuilder()
                        .addOperations(operation)
                        .addAllReadSet(List.of(reads))
                        .build());
        return id;
    }

    private ReadRecord read(String key, long version) {
        return ReadRecord.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey(key)
                .setVersion(version)
                .build();
    }

    private VersionRef ref(String key, long version) {
        return VersionRef.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey(key)
                .setVersion(version)
                .build();
    }
}
