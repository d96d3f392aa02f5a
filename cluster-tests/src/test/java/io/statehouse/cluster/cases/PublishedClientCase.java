package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.published.v1.AbortRequest;
import io.statehouse.published.v1.BeginTransactionRequest;
import io.statehouse.published.v1.CommitRequest;
import io.statehouse.published.v1.DeleteRequest;
import io.statehouse.published.v1.GetStateAtVersionRequest;
import io.statehouse.published.v1.GetStateRequest;
import io.statehouse.published.v1.HealthRequest;
import io.statehouse.published.v1.ListKeysRequest;
import io.statehouse.published.v1.ReplayEvent;
import io.statehouse.published.v1.ReplayRequest;
import io.statehouse.published.v1.ScanPrefixRequest;
import io.statehouse.published.v1.StatehouseServiceGrpc;
import io.statehouse.published.v1.StatehouseServiceGrpc.StatehouseServiceBlockingStub;
import io.statehouse.published.v1.VersionRequest;
import io.statehouse.published.v1.WriteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client generated from the published contract alone, unmodified, works through the leader and through a follower. */
class PublishedClientCase {
    private static final long DEADLINE_SECONDS = 30;
    private static final Struct TASK = Struct.newBuilder()
            .putFields("title", text("write"))
            .putFields("done", Value.newBuilder().setBoolValue(false).build())
            .putFields(
                    "by", Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build())
            .putFields(
                    "steps",
                    Value.newBuilder()
                            .setListValue(ListValue.newBuilder()
                                    .addValues(Value.newBuilder().setNumberValue(0.5))
                                    .addValues(Value.newBuilder().setStructValue(Struct.getDefaultInstance())))
                            .build())
            .build();

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start("published-client");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    enum Through {
        LEADER,
        FOLLOWER;

        String address() {
            return switch (this) {
                case LEADER -> cluster.awaitLeader().api();
                case FOLLOWER -> cluster.awaitFollower().api();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPublishedCallWorks(Through through) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(through.address())
                .usePlaintext()
                .build();
        try {
            var stub = StatehouseServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(stub.health(HealthRequest.getDefaultInstance()).getStatus())
                    .isEqualTo("ok");
            assertThat(stub.version(VersionRequest.getDefaultInstance()).getVersion())
                    .isNotEmpty();
            tell(stub, "agent-" + through);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void tell(StatehouseServiceBlockingStub stub, String agent) {
        var first = begin(stub);
        stub.write(write(first, agent, "task/1").setValue(TASK).build());
        stub.write(write(first, agent, "task/2").build());
        long firstTs = commit(stub, first);
        var second = begin(stub);
        stub.delete(DeleteRequest.newBuilder()
                .setTxnId(second)
                .setAgentId(agent)
                .setKey("task/2")
                .build());
        assertThat(commit(stub, second)).isEqualTo(firstTs + 1);
        var third = begin(stub);
        stub.abort(AbortRequest.newBuilder().setTxnId(third).build());
        assertThatThrownBy(() -> commit(stub, third))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused ->
                                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION));

        reads(stub, agent, firstTs);
        replays(stub, agent, firstTs);
    }

    private static void reads(StatehouseServiceBlockingStub stub, String agent, long firstTs) {
        var there = stub.getState(
                GetStateRequest.newBuilder().setAgentId(agent).setKey("task/1").build());
        assertThat(there.getValue()).isEqualTo(TASK);
        assertThat(there.getVersion()).isEqualTo(1);
        assertThat(there.getCommitTs()).isEqualTo(firstTs);
        var gone = stub.getState(
                GetStateRequest.newBuilder().setAgentId(agent).setKey("task/2").build());
        assertThat(gone.getExists()).isFalse();
        assertThat(gone.getVersion()).isEqualTo(2);
        var before = stub.getStateAtVersion(GetStateAtVersionRequest.newBuilder()
                .setAgentId(agent)
                .setKey("task/2")
                .setVersion(1)
                .build());
        assertThat(before.hasValue()).as("an empty object is set, not absent").isTrue();
        assertThat(before.getValue()).isEqualTo(Struct.getDefaultInstance());
        assertThat(stub.listKeys(ListKeysRequest.newBuilder().setAgentId(agent).build())
                        .getKeysList())
                .containsExactly("task/1");
        assertThat(stub.scanPrefix(ScanPrefixRequest.newBuilder()
                                .setAgentId(agent)
                                .setPrefix("task/")
                                .build())
                        .getEntriesList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getValue()).isEqualTo(TASK));
    }

    private static void replays(StatehouseServiceBlockingStub stub, String agent, long firstTs) {
        List<ReplayEvent> events = new ArrayList<>();
        stub.replay(ReplayRequest.newBuilder().setAgentId(agent).build()).forEachRemaining(events::add);

        assertThat(events).extracting(ReplayEvent::getCommitTs).containsExactly(firstTs, firstTs + 1);
        assertThat(events.get(0).getOperationsList()).hasSize(2);
        assertThat(events.get(0).getOperations(1).hasValue()).isTrue();
        assertThat(events.get(1).getOperations(0).hasValue()).as("a delete").isFalse();
    }

    private static String begin(StatehouseServiceBlockingStub stub) {
        return stub.beginTransaction(BeginTransactionRequest.getDefaultInstance())
                .getTxnId();
    }

    private static WriteRequest.Builder write(String txnId, String agent, String key) {
        return WriteRequest.newBuilder().setTxnId(txnId).setAgentId(agent).setKey(key);
    }

    private static long commit(StatehouseServiceBlockingStub stub, String txnId) {
        return stub.commit(CommitRequest.newBuilder().setTxnId(txnId).build()).getCommitTs();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
