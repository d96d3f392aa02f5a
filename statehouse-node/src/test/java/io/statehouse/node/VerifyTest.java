package io.statehouse.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.statehouse.proto.v1.ErrorCode;
import io.statehouse.proto.v1.VerifyRequest;
import io.statehouse.proto.v1.VerifyResponse;
import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VerifyTest extends NativeSession {
    private static Store store;
    private static ReplicatedLog log;

    @BeforeAll
    static void start() {
        store = new TreeStore();
        log = SoloLog.open(
                new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                StateMachine.open(store, Limits.DEFAULT),
                Clock.systemUTC(),
                new SplittableRandom(1));
        node = TestNode.start(new StatehouseNode(TestNode.config(Map.of()), log, BuildInfo.read()));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aLiveNodeIsProvenAndTheFirstBadEventIsNamed() {
        long last = 0;
        for (int i = 0; i < 40; i++) {
            last = commit(put("k" + i, Integer.toString(i))).getCommitTs();
        }

        VerifyResponse proven = verify(0);
        spoil(17);
        VerifyResponse spoiled = verify(0);

        assertThat(proven.getVerdict().getIntact()).as(proven.toString()).isTrue();
        assertThat(proven.getVerifiedTs()).isEqualTo(last);
        assertThat(proven.getVerdict().getChainHash())
                .isEqualTo(ByteString.copyFrom(log.query(StateMachine::chainHash)));
        assertThat(proven.getVerdict().getDigest()).isEqualTo(ByteString.copyFrom(log.query(StateMachine::digest)));
        assertThat(spoiled.getVerdict().getIntact()).isFalse();
        assertThat(spoiled.getVerdict().getFirstBadTs()).isEqualTo(17);
        assertThat(spoiled.getVerdict().getReason()).isNotEmpty();
    }

    @Test
    void aStartThatHasNotHappenedIsRefused() {
        refused(Status.Code.OUT_OF_RANGE, ErrorCode.FUTURE_POINT, () -> verify(1_000_000));
    }

    private VerifyResponse verify(long start) {
        List<VerifyResponse> responses = new ArrayList<>();
        client.past()
                .verify(VerifyRequest.newBuilder().setStartTs(start).build())
                .forEachRemaining(responses::add);
        return responses.get(responses.size() - 1);
    }

    /** Changes one byte of one event where it is kept. */
    private static void spoil(long commitTs) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(commitTs).array();
        byte[] row = Objects.requireNonNull(store.get(Table.JOURNAL, key)).clone();
        row[row.length / 3] ^= 1;
        try (WriteUnit unit = new WriteUnit(store)) {
            unit.put(Table.JOURNAL, key, row);
            store.write(unit);
        }
    }
}
