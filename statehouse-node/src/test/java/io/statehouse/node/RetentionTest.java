package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.statehouse.node.contract.V1Client;
import io.statehouse.proto.v1.DiffRequest;
import io.statehouse.proto.v1.DiffSide;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.ExplainRequest;
import io.statehouse.proto.v1.ExplainResponse;
import io.statehouse.proto.v1.GetRetentionRequest;
import io.statehouse.proto.v1.GetRetentionResponse;
import io.statehouse.proto.v1.GetStateAtVersionRequest;
import io.statehouse.proto.v1.KeyVersion;
import io.statehouse.proto.v1.ListKeysRequest;
import io.statehouse.proto.v1.ListVersionsRequest;
import io.statehouse.proto.v1.Point;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.ReadRecord;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.RetentionPolicy;
import io.statehouse.proto.v1.RevertRequest;
import io.statehouse.proto.v1.ScanPrefixRequest;
import io.statehouse.proto.v1.SetRetentionRequest;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.VersionRef;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchServiceGrpc;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.TreeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What callers see of retention, on a node whose clock runs a minute ahead of each policy that is set. */
class RetentionTest extends NativeSession {
    private static final HandClock CLOCK = new HandClock();
    private static ReplicatedLog log;

    @BeforeAll
    static void start() {
        log = SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(new TreeStore(), Limits.DEFAULT),
                CLOCK,
                new SplittableRandom(1));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatLiesBelowTheFloorIsCompactedForEveryReaderAndSaysSinceWhenThereIsSomething() {
        List<Long> commits = new ArrayList<>();
        for (int version = 1; version <= 5; version++) {
            commits.add(commit(put("k", Integer.toString(version))).getCommitTs());
        }
        long floor = keepVersions(2, commits.get(3));
        long below = floor - 1;
        ReadOptions at = ReadOptions.newBuilder().setCommitTs(below).build();

        compacted(floor, () -> get("k", at));
        compacted(
                floor,
                () -> client.stub()
                        .scanPrefix(ScanPrefixRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setOptions(at)
                                .build()));
        compacted(
                floor,
                () -> client.stub()
                        .listKeys(ListKeysRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setOptions(at)
                                .build()));

        assertThat(get("k", AS_JSON.toBuilder().setCommitTs(floor).build())
                        .getJson()
                        .toStringUtf8())
                .isEqualTo("4");
    }

    @Test
    void whateverLooksBackBelowTheFloorIsCompacted() {
        writeVersions(3);
        long floor = keepVersions(1, 0);
        long below = floor - 1;
        Point past = Point.newBuilder().setCommitTs(below).build();

        compacted(
                floor,
                () -> client.stub()
                        .getStateAtVersion(GetStateAtVersionRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setKey("k")
                                .setVersion(1)
                                .build()));
        compacted(
                floor,
                () -> client.past()
                        .diff(DiffRequest.newBuilder()
                                .setBefore(side().setPoint(past))
                                .setAfter(side())
                                .build()));
        compacted(
                floor,
                () -> client.past()
                        .revert(RevertRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setTo(past)
                                .setTxnId(UUID.randomUUID().toString())
                                .build()));
        compacted(
                floor,
                () -> client.replay(client.replayRequest(ADA).setStartTs(below).build()));
        compacted(
                floor,
                () -> client.past()
                        .explain(ExplainRequest.newBuilder()
                                .setVersion(VersionRef.newBuilder()
                                        .setNamespace(namespace)
                                        .setAgentId(ADA)
                                        .setKey("k")
                                        .setVersion(1))
                                .build()));

        assertThat(client.replay(client.replayRequest(ADA).setStartTs(floor).build()))
                .hasSize(1);
    }

    private void writeVersions(int versions) {
        for (int version = 1; version <= versions; version++) {
            commit(put("k", Integer.toString(version)));
        }
    }

    @Test
    void aReplayWithoutAStartAndTheListOfVersionsBeginWithWhatIsKept() {
        writeVersions(4);
        long floor = keepVersions(1, 0);

        List<ReplayEvent> events = client.replay(client.replayRequest(ADA).build());
        List<KeyVersion> versions = client.past()
                .listVersions(ListVersionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .setAgentId(ADA)
                        .setKey("k")
                        .build())
                .getVersionsList();

        assertThat(events).extracting(ReplayEvent::getCommitTs).containsExactly(floor);
        assertThat(versions).extracting(KeyVersion::getVersion).containsExactly(4L);
    }

    @Test
    void aWatchFromBelowTheFloorIsCompacted() {
        long first = commit(put("k", "1")).getCommitTs();
        commit(put("k", "2"));
        long floor = keepVersions(1, 0);
        var watches = WatchServiceGrpc.newBlockingStub(client.stub().getChannel());

        compacted(
                floor,
                () -> watches.watch(WatchRequest.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setStartTs(first)
                                .build())
                        .next());
    }

    @Test
    void whatWasReadAndIsGoneIsExplainedAsErased() {
        commit(put("k", "1"));
        String reader = UUID.randomUUID().toString();
        commit(
                reader,
                Transaction.newBuilder()
                        .addOperations(put("made", "true"))
                        .addReadSet(ReadRecord.newBuilder()
                                .setNamespace(namespace)
                                .setAgentId(ADA)
                                .setKey("k")
                                .setVersion(1))
                        .build());
        commit(put("k", "2"));
        commit(put("made", "false"));
        keepVersions(1, 0);

        ExplainResponse explained = client.past()
                .explain(ExplainRequest.newBuilder().setTxnId(reader).build());

        assertThat(explained.getReads(0).getErased()).isTrue();
        assertThat(explained.getEvent().getOperations(0).getErased()).isTrue();
        assertThat(explained.getEvent().getOperations(0).hasValue()).isFalse();
    }

    @Test
    void aPolicyIsShownAsItWasSetAndABadOneIsRefusedByName() {
        RetentionPolicy policy = RetentionPolicy.newBuilder()
                .setMaxAgeMs(5_000_000)
                .setMaxCommits(7)
                .setKeepVersions(3)
                .build();

        set(policy);

        assertThat(retention().getPolicy()).isEqualTo(policy);
        StatusRuntimeException negative = refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.INVALID_REQUEST,
                () -> set(RetentionPolicy.newBuilder().setMaxAgeMs(-1).build()));
        assertThat(V1Client.errorOf(negative).getDetailsMap()).containsEntry("field", "max_age_ms");
        StatusRuntimeException tooLong = refused(
                Status.Code.INVALID_ARGUMENT,
                ErrorCode.LIMIT_EXCEEDED,
                () -> set(
                        RetentionPolicy.newBuilder().setMaxAgeMs(Long.MAX_VALUE).build()));
        assertThat(V1Client.errorOf(tooLong).getDetailsMap()).containsEntry("limit", "retentionAgeMax");
        assertThat(retention().getPolicy()).isEqualTo(policy);
    }

    /** Sets the policy and waits until it has done what it will; an expected floor of 0 is any. */
    private long keepVersions(long versions, long floor) {
        set(RetentionPolicy.newBuilder().setKeepVersions(versions).build());
        CLOCK.pass(Duration.ofMinutes(1));
        await().until(() ->
                retention().getFloorTs() > 0 && !log.query(machine -> machine.isRetentionDue(CLOCK.millis())));
        long found = retention().getFloorTs();
        assertThat(found).isEqualTo(floor == 0 ? found : floor);
        return found;
    }

    private void set(RetentionPolicy policy) {
        client.past()
                .setRetention(SetRetentionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setPolicy(policy)
                        .setTxnId(UUID.randomUUID().toString())
                        .build());
    }

    private GetRetentionResponse retention() {
        return client.past()
                .getRetention(
                        GetRetentionRequest.newBuilder().setNamespace(namespace).build());
    }

    private DiffSide.Builder side() {
        return DiffSide.newBuilder().setNamespace(namespace).setAgentId(ADA);
    }

    private static void compacted(long oldest, ThrowingCallable call) {
        StatusRuntimeException failure = refused(Status.Code.OUT_OF_RANGE, ErrorCode.COMPACTED, call);
        assertThat(V1Client.errorOf(failure).getDetailsMap()).containsEntry("oldest_commit_ts", Long.toString(oldest));
    }
}
