package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.EventFilter;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.Label;
import io.statehouse.proto.v1.ListAgentsRequest;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListNamespacesRequest;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.OperationKind;
import io.statehouse.proto.v1.Origin;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.ReplayRequest;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.ScanPrefixResponse;
import io.statehouse.proto.v1.StateEntry;
import io.statehouse.proto.v1.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What reads, listings and replays can do beyond the published contract. */
class NativeHistoryTest extends NativeSession {
    @Test
    void thePastIsReadByCommitAndByTime() {
        CommitResponse first = commit(put("k", "1"));
        commit(put("k", "2"));

        GetStateResponse byCommit =
                get("k", AS_JSON.toBuilder().setCommitTs(first.getCommitTs()).build());
        GetStateResponse before = get(
                "k", AS_JSON.toBuilder().setCommitTs(first.getCommitTs() - 1).build());
        GetStateResponse longAgo = get("k", AS_JSON.toBuilder().setWallTimeMs(1).build());

        assertThat(byCommit.getJson().toStringUtf8()).isEqualTo("1");
        assertThat(byCommit.getReadTs()).isEqualTo(first.getCommitTs());
        assertThat(before.getExists()).isFalse();
        assertThat(longAgo.getExists()).isFalse();
    }

    @Test
    void theFutureCannotBeRead() {
        long latest = commit(put("k", "1")).getCommitTs();

        StatusRuntimeException failure = refused(
                Status.Code.OUT_OF_RANGE,
                ErrorCode.FUTURE_POINT,
                () -> get("k", AS_JSON.toBuilder().setCommitTs(latest + 1_000).build()));

        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsKey("latest_commit_ts");
    }

    @Test
    void pagesOfAListingAreOfOneCut() {
        for (int i = 0; i < 10; i++) {
            commit(put("k" + i, Integer.toString(i)));
        }
        ScanPrefixRequest.Builder request = ScanPrefixRequest.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setPageSize(3)
                .setOptions(AS_JSON);
        List<StateEntry> entries = new ArrayList<>();
        ScanPrefixResponse first = client.stub().scanPrefix(request.build());
        commit(put("k5", "\"later\""), delete("k7"), put("k55", "1"));
        entries.addAll(first.getEntriesList());
        for (String token = first.getNextPageToken(); !token.isEmpty(); ) {
            ScanPrefixResponse page =
                    client.stub().scanPrefix(request.setPageToken(token).build());
            assertThat(page.getReadTs()).isEqualTo(first.getReadTs());
            entries.addAll(page.getEntriesList());
            token = page.getNextPageToken();
        }

        assertThat(entries)
                .extracting(entry -> entry.getJson().toStringUtf8())
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void whoDoesNotPageGetsAllOrAnError() {
        String big = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 5; i++) {
            commit(put("k" + i, big));
        }
        ScanPrefixRequest.Builder request = ScanPrefixRequest.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setOptions(AS_JSON);

        StatusRuntimeException failure = refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.LIMIT_EXCEEDED,
                () -> client.stub().scanPrefix(request.build()));
        ScanPrefixResponse page =
                client.stub().scanPrefix(request.setPageSize(100).build());

        assertThat(failure).hasMessageContaining("page_size");
        assertThat(page.getEntriesCount()).isBetween(1, 4);
        assertThat(page.getNextPageToken()).isNotEmpty();
        assertThat(client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .build())
                        .getKeysList())
                .hasSize(5);
    }

    @Test
    void aTimeToLiveEndsAsADeleteThatNobodyAskedFor() {
        commit(put("lease", "1").toBuilder().setTtlMs(1).build(), put("kept", "1"));
        commit(put("other", "1"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.replay(ADA)).hasSize(3));
        List<Operation> operations = client.replay(ADA).stream()
                .flatMap(event -> event.getOperationsList().stream())
                .filter(operation -> operation.getKey().equals("lease"))
                .toList();

        assertThat(operations).hasSize(2);
        assertThat(operations.get(0).getExpiresMs()).isPositive();
        assertThat(operations.get(1).getExpired()).isTrue();
        assertThat(operations.get(1).getVersion()).isEqualTo(2);
        assertThat(filtered(EventFilter.newBuilder().setKind(OperationKind.OPERATION_KIND_EXPIRY)))
                .flatExtracting(ReplayEvent::getOperationsList)
                .containsExactly(operations.get(1));
        assertThat(filtered(EventFilter.newBuilder().setKind(OperationKind.OPERATION_KIND_DELETE)))
                .hasSize(1);
        assertThat(filtered(EventFilter.newBuilder().setKind(OperationKind.OPERATION_KIND_PUT)))
                .hasSize(2);
        assertThat(client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .build())
                        .getKeysList())
                .containsExactly("kept", "other");
    }

    @Test
    void anEventTooLargeForOneMessageComesInSeveral() {
        String numbers = "[" + "1,".repeat(90_000) + "1]";
        commit(put("a", numbers), put("b", numbers), put("c", numbers), put("d", numbers), put("e", numbers));

        List<ReplayEvent> events = client.replay(ADA);

        assertThat(events).hasSizeGreaterThan(1);
        assertThat(events)
                .extracting(ReplayEvent::getCommitTs)
                .containsOnly(events.get(0).getCommitTs());
        assertThat(events.stream().flatMap(event -> event.getOperationsList().stream()))
                .extracting(operation -> operation.getKey())
                .containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void theNewestEventsAreReadWithoutTheRest() {
        List<Long> commits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            commits.add(commit(put("k", Integer.toString(i))).getCommitTs());
        }

        List<ReplayEvent> last = client.replay(
                client.replayRequest(ADA).setReverse(true).setLimit(3).build());
        List<ReplayEvent> first =
                client.replay(client.replayRequest(ADA).setLimit(2).build());

        assertThat(last)
                .extracting(ReplayEvent::getCommitTs)
                .containsExactlyElementsOf(commits.subList(17, 20).reversed());
        assertThat(first).extracting(ReplayEvent::getCommitTs).containsExactlyElementsOf(commits.subList(0, 2));
    }

    @Test
    void eventsAreFilteredByWhatTheyTouchAndWhereTheyComeFrom() {
        Origin origin = Origin.newBuilder()
                .setActor("planner")
                .setTraceId("trace-1")
                .addLabels(Label.newBuilder().setName("run").setValue("7"))
                .build();
        ReadRecord read = ReadRecord.newBuilder()
                .setNamespace(namespace)
                .setAgentId(ADA)
                .setKey("task/1")
                .build();
        commit(put("note/1", "1"));
        CommitResponse marked = commit(
                UUID.randomUUID().toString(),
                Transaction.newBuilder()
                        .addOperations(put("task/1", "1"))
                        .addOperations(put("note/2", "1"))
                        .setOrigin(origin)
                        .addReadSet(read)
                        .build());
        CommitResponse deleted = commit(delete("note/1"));

        assertThat(filtered(EventFilter.newBuilder().setKeyPrefix("task/")))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getCommitTs()).isEqualTo(marked.getCommitTs());
                    assertThat(event.getOperationsCount()).isEqualTo(1);
                    assertThat(event.getOrigin()).isEqualTo(origin);
                    assertThat(event.getReadSetList()).containsExactly(read);
                    assertThat(event.getWallTimeMs()).isEqualTo(marked.getWallTimeMs());
                });
        assertThat(filtered(EventFilter.newBuilder().setKind(OperationKind.OPERATION_KIND_DELETE)))
                .extracting(ReplayEvent::getCommitTs)
                .containsExactly(deleted.getCommitTs());
        assertThat(filtered(EventFilter.newBuilder().setKind(OperationKind.OPERATION_KIND_EXPIRY)))
                .isEmpty();
        assertThat(filtered(EventFilter.newBuilder().setActor("planner"))).hasSize(1);
        assertThat(filtered(EventFilter.newBuilder().addLabels(origin.getLabels(0))))
                .hasSize(1);
        assertThat(filtered(EventFilter.newBuilder().setActor("nobody"))).isEmpty();
        assertThat(filtered(EventFilter.newBuilder().setToWallTimeMs(1))).isEmpty();
        assertThat(filtered(EventFilter.newBuilder().setFromWallTimeMs(1))).hasSize(3);
    }

    @Test
    void aReplayOfAllAgentsKeepsTransactionsWhole() {
        String txnId = client.begin();
        client.write(txnId, ADA, "a", number(1));
        client.write(txnId, "bob", "b", number(2));
        client.commit(txnId);

        List<ReplayEvent> events = client.replay(ReplayRequest.newBuilder()
                .setNamespace(namespace)
                .setAllAgents(true)
                .build());

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getOperationsList())
                        .extracting(operation -> operation.getAgentId() + "/" + operation.getKey())
                        .containsExactly("ada/a", "bob/b"));
    }

    @Test
    void agentsAndNamespacesAreListed() {
        client.put("bob", "k", number(1));
        client.put("ada", "k", number(1));

        assertThat(client.stub()
                        .listAgents(ListAgentsRequest.newBuilder()
                                .setNamespace(namespace)
                                .build())
                        .getAgentIdsList())
                .containsExactly("ada", "bob");
        assertThat(client.stub()
                        .listNamespaces(ListNamespacesRequest.getDefaultInstance())
                        .getNamespacesList())
                .contains(namespace);
    }

    private List<ReplayEvent> filtered(EventFilter.Builder filter) {
        return client.replay(client.replayRequest(ADA).setFilter(filter).build());
    }
}
