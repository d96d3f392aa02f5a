package io.statehouse.node.contract;

import static io.statehouse.node.contract.V1Client.list;
import static io.statehouse.node.contract.V1Client.nested;
import static io.statehouse.node.contract.V1Client.nothing;
import static io.statehouse.node.contract.V1Client.number;
import static io.statehouse.node.contract.V1Client.object;
import static io.statehouse.node.contract.V1Client.text;
import static io.statehouse.node.contract.V1Client.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.statehouse.proto.v1.GetStateAtVersionResponse;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.Operation;
import io.statehouse.proto.v1.ReplayEvent;
import io.statehouse.proto.v1.VersionRequest;
import io.statehouse.proto.v1.WriteRequest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract's semantics of transactions, versions and values, each line a claim. */
public abstract class V1Contract extends V1Session {
    @Test
    void healthSaysExactlyOk() {
        assertThat(client.stub().health(HealthRequest.getDefaultInstance()).getStatus())
                .isEqualTo("ok");
    }

    @Test
    void versionStringsAreNotEmpty() {
        var version = client.stub().version(VersionRequest.getDefaultInstance());

        assertThat(version.getVersion()).isNotEmpty().doesNotContain("$");
        assertThat(version.getGitSha()).isNotEmpty().doesNotContain("$");
    }

    @Test
    void everyCommitCountsOneUpAnEmptyOneToo() {
        long first = client.put(ADA, KEY, number(1));
        long empty = client.commit(client.begin());
        long third = client.put(ADA, KEY, number(2));

        assertThat(List.of(empty, third)).containsExactly(first + 1, first + 2);
    }

    @Test
    void commitTsStaysBelowWhatClientsPrintAsATime() {
        assertThat(client.put(ADA, KEY, number(1))).isPositive().isLessThan(253_402_300_800L);
    }

    @Test
    void versionsOfAKeyStartAtOneAndCountOperationsDeletesIncluded() {
        client.put(ADA, KEY, number(1));
        client.put(ADA, KEY, number(2));
        client.remove(ADA, KEY);
        client.put(ADA, KEY, number(4));

        assertThat(client.get(ADA, KEY).getVersion()).isEqualTo(4);
        assertThat(client.getAtVersion(ADA, KEY, 1).getValue()).isEqualTo(number(1));
        assertThat(client.getAtVersion(ADA, KEY, 2).getValue()).isEqualTo(number(2));
        assertThat(client.getAtVersion(ADA, KEY, 3).getExists()).isFalse();
        assertThat(client.getAtVersion(ADA, KEY, 4).getValue()).isEqualTo(number(4));
    }

    @Test
    void versionsOfOneKeyDoNotCountForAnother() {
        client.put(ADA, KEY, number(1));
        client.put(ADA, "task/2", number(1));

        assertThat(client.get(ADA, "task/2").getVersion()).isEqualTo(1);
    }

    @Test
    void aDeleteOfANeverWrittenKeyMakesTombstoneVersionOne() {
        long commitTs = client.remove(ADA, KEY);

        GetStateResponse state = client.get(ADA, KEY);
        assertThat(state.getExists()).isFalse();
        assertThat(state.hasValue()).isFalse();
        assertThat(state.getVersion()).isEqualTo(1);
        assertThat(state.getCommitTs()).isEqualTo(commitTs);
    }

    @Test
    void writeDeleteWriteOfOneKeyInOneTransactionMakesThreeVersions() {
        client.put(ADA, KEY, number(0));
        String txnId = client.begin();
        client.write(txnId, ADA, KEY, number(1));
        client.delete(txnId, ADA, KEY);
        client.write(txnId, ADA, KEY, number(3));
        long commitTs = client.commit(txnId);

        ReplayEvent event = client.replay(ADA).get(1);
        assertThat(event.getTxnId()).isEqualTo(txnId);
        assertThat(event.getCommitTs()).isEqualTo(commitTs);
        assertThat(event.getOperationsList()).extracting(Operation::getVersion).containsExactly(2L, 3L, 4L);
        assertThat(event.getOperationsList()).extracting(Operation::hasValue).containsExactly(true, false, true);
        assertThat(client.getAtVersion(ADA, KEY, 2).getValue()).isEqualTo(number(1));
        assertThat(client.getAtVersion(ADA, KEY, 3).getExists()).isFalse();
        assertThat(client.getAtVersion(ADA, KEY, 4).getValue()).isEqualTo(number(3));
        assertThat(client.getAtVersion(ADA, KEY, 2).getCommitTs()).isEqualTo(commitTs);
        assertThat(client.getAtVersion(ADA, KEY, 3).getCommitTs()).isEqualTo(commitTs);
    }

    @Test
    void aTombstoneAnswersWithItsOwnNumbers() {
        client.put(ADA, KEY, number(1));
        long deletedAt = client.remove(ADA, KEY);

        GetStateResponse state = client.get(ADA, KEY);
        assertThat(state.getExists()).isFalse();
        assertThat(state.hasValue()).isFalse();
        assertThat(state.getVersion()).isEqualTo(2);
        assertThat(state.getCommitTs()).isEqualTo(deletedAt);
    }

    @Test
    void aNeverWrittenKeyAnswersZeros() {
        GetStateResponse state = client.get(ADA, "never");

        assertThat(state.getExists()).isFalse();
        assertThat(state.hasValue()).isFalse();
        assertThat(state.getVersion()).isZero();
        assertThat(state.getCommitTs()).isZero();
    }

    @Test
    void anUnknownVersionAnswersZeros() {
        client.put(ADA, KEY, number(1));

        for (long version : new long[] {0, 2, Long.MAX_VALUE, -1}) {
            GetStateAtVersionResponse state = client.getAtVersion(ADA, KEY, version);
            assertThat(state.getExists()).isFalse();
            assertThat(state.hasValue()).isFalse();
            assertThat(state.getVersion()).isZero();
            assertThat(state.getCommitTs()).isZero();
        }
    }

    @Test
    void anEmptyObjectArrivesSetButEmpty() {
        client.put(ADA, KEY, Struct.getDefaultInstance());

        assertThat(client.get(ADA, KEY).getExists()).isTrue();
        assertThat(client.get(ADA, KEY).hasValue()).isTrue();
        assertThat(client.getAtVersion(ADA, KEY, 1).hasValue()).isTrue();
        assertThat(client.scan(ADA, "").get(0).hasValue()).isTrue();
        assertThat(client.replay(ADA).get(0).getOperations(0).hasValue()).isTrue();
        assertThat(client.get(ADA, KEY).getValue()).isEqualTo(Struct.getDefaultInstance());
    }

    @Test
    void aWriteWithoutAValueMeansAnEmptyObject() {
        String txnId = client.begin();
        client.stub()
                .write(WriteRequest.newBuilder()
                        .setTxnId(txnId)
                        .setNamespace(namespace)
                        .setAgentId(ADA)
                        .setKey(KEY)
                        .build());
        client.commit(txnId);

        assertThat(client.get(ADA, KEY).getExists()).isTrue();
        assertThat(client.get(ADA, KEY).hasValue()).isTrue();
    }

    @Test
    void everyKindOfValueRoundTripsExactly() {
        Struct empty = Struct.getDefaultInstance();
        Struct value = Struct.newBuilder()
                .putFields("objects", list(value(number(1)), value(empty), value(number(2))))
                .putFields("empties", list(value(empty), list(), list(list())))
                .putFields("null", nothing())
                .putFields("nulls", list(nothing(), nothing()))
                .putFields("yes", Value.newBuilder().setBoolValue(true).build())
                .putFields("text", text("quote \" slash \\ newline \n tab \t bell \u0007 ünïcødé 漢字 🏛"))
                .putFields("", text("an empty name"))
                .putFields("name \"\\\n🏛", text("a hard name"))
                .putFields("pi", Value.newBuilder().setNumberValue(Math.PI).build())
                .putFields(
                        "tiny",
                        Value.newBuilder().setNumberValue(Double.MIN_VALUE).build())
                .putFields(
                        "huge",
                        Value.newBuilder().setNumberValue(Double.MAX_VALUE).build())
                .putFields("minus zero", Value.newBuilder().setNumberValue(-0.0).build())
                .putFields("2^53", Value.newBuilder().setNumberValue(0x1p53).build())
                .putFields(
                        "-2^53-2",
                        Value.newBuilder().setNumberValue(-0x1p53 - 2).build())
                .build();

        client.put(ADA, KEY, value);

        assertThat(client.get(ADA, KEY).getValue()).isEqualTo(value);
        assertThat(client.getAtVersion(ADA, KEY, 1).getValue()).isEqualTo(value);
        assertThat(client.scan(ADA, "").get(0).getValue()).isEqualTo(value);
        assertThat(client.replay(ADA).get(0).getOperations(0).getValue()).isEqualTo(value);
    }

    @Test
    void aHundredLevelsOfNestingRoundTrip() {
        Struct deep = nested(150);

        client.put(ADA, KEY, deep);

        assertThat(client.get(ADA, KEY).getValue()).isEqualTo(deep);
        assertThat(client.getAtVersion(ADA, KEY, 1).getValue()).isEqualTo(deep);
        assertThat(client.scan(ADA, "").get(0).getValue()).isEqualTo(deep);
        assertThat(client.replay(ADA).get(0).getOperations(0).getValue()).isEqualTo(deep);
    }

    @Test
    void anEmptyNamespaceMeansDefault() {
        try (V1Client nameless = new V1Client(address(), "");
                V1Client named = new V1Client(address(), "default")) {
            String agent = UUID.randomUUID().toString();

            nameless.put(agent, KEY, number(7));

            assertThat(named.get(agent, KEY).getValue()).isEqualTo(number(7));
            assertThat(nameless.replay(agent)).isEqualTo(named.replay(agent)).hasSize(1);
        }
    }

    @Test
    void namespacesAgentsAndKeysNeverRunIntoEachOther() {
        List<String> names = List.of("a", "a/b", "a:b", "a#b", "a\u0000b", "a\nb", "a\u0000", "ä", "🏛", "a ", "A");
        for (String agent : names) {
            for (String key : names) {
                client.put(agent, key, object("is", text(agent + "|" + key)));
            }
        }

        for (String agent : names) {
            assertThat(client.listKeys(agent)).containsExactlyInAnyOrderElementsOf(names);
            for (String key : names) {
                assertThat(client.get(agent, key).getValue()).isEqualTo(object("is", text(agent + "|" + key)));
                assertThat(client.get(agent, key).getVersion()).isEqualTo(1);
            }
        }
    }

    @Test
    void aTransactionIsAppliedWholeAndInvisibleBefore() {
        String txnId = client.begin();
        client.write(txnId, ADA, "a", number(1));
        client.write(txnId, "bob", "b", number(2));

        assertThat(client.get(ADA, "a").getExists()).isFalse();
        long commitTs = client.commit(txnId);

        assertThat(client.get(ADA, "a").getCommitTs()).isEqualTo(commitTs);
        assertThat(client.get("bob", "b").getCommitTs()).isEqualTo(commitTs);
    }

    @Test
    void anAbortedTransactionLeavesNothing() {
        String txnId = client.begin();
        client.write(txnId, ADA, KEY, number(1));
        client.abort(txnId);

        assertThat(client.get(ADA, KEY).getVersion()).isZero();
        assertThat(client.replay(ADA)).isEmpty();
    }

    @Test
    void abortOfAnythingIsOk() {
        String committed = client.begin();
        client.commit(committed);
        String aborted = client.begin();
        client.abort(aborted);

        for (String txnId : List.of(
                committed, aborted, "no-such-transaction", UUID.randomUUID().toString(), "")) {
            assertThatCode(() -> client.abort(txnId)).doesNotThrowAnyException();
        }
    }

    @Test
    void aTransactionIdIsValidOnOtherConnectionsAndNodes() {
        try (V1Client other = new V1Client(otherAddress(), namespace)) {
            String txnId = client.begin();
            client.write(txnId, ADA, "here", number(1));
            other.write(txnId, ADA, "there", number(2));
            other.delete(txnId, ADA, "there too");
            long commitTs = other.commit(txnId);

            assertThat(client.get(ADA, "here").getCommitTs()).isEqualTo(commitTs);
            assertThat(client.get(ADA, "there").getCommitTs()).isEqualTo(commitTs);
        }
    }

    @Test
    void aReadSeesEveryCommitThatWasAcknowledgedAnywhere() {
        try (V1Client other = new V1Client(otherAddress(), namespace)) {
            for (int i = 1; i <= 50; i++) {
                client.put(ADA, KEY, number(i));
                assertThat(other.get(ADA, KEY).getValue()).isEqualTo(number(i));
                other.put(ADA, KEY, number(-i));
                assertThat(client.get(ADA, KEY).getValue()).isEqualTo(number(-i));
            }
        }
    }
}
