package io.statehouse.cluster.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes are those that {@code protoc --encode} makes of the same fields with etcd's rpc.proto. */
class EtcdWireTest {
    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aPutHasItsKeyAndItsValue() {
        assertThat(EtcdWire.put("foo", ascii("bar"))).isEqualTo(hex("0a03666f6f 1203626172"));
    }

    @Test
    void aLengthBeyond127TakesTwoBytes() {
        assertThat(EtcdWire.put("k", new byte[300]))
                .startsWith(hex("0a016b 12ac02"))
                .hasSize(306);
    }

    @Test
    void aReadNamesOneKeyAndStaysLinearizable() {
        assertThat(EtcdWire.get("foo")).isEqualTo(hex("0a03666f6f"));
    }

    @Test
    void aTransactionComparesTheRevisionAndPutsTwice() {
        assertThat(EtcdWire.putBothIfUnchanged("a", 300, "b", ascii("v")))
                .isEqualTo(hex("0a08 1002 1a0161 30ac02" + "1208 1206 0a0161 120176" + "1208 1206 0a0162 120176"));
    }

    @Test
    void aWatchBeginsAtARevisionAndCoversThePrefix() {
        assertThat(EtcdWire.watch("/a/", 7)).isEqualTo(hex("0a0c 0a032f612f 12032f6130 1807"));
    }

    @Test
    void theHeaderTellsRevisionAndMember() {
        byte[] answer = hex("0a10 08ffffffffffffffffff01 1005 18ac02");

        assertThat(EtcdWire.revision(answer)).isEqualTo(300);
        assertThat(EtcdWire.member(answer)).isEqualTo(5);
    }

    @Test
    void aTransactionThatWasRefusedSaysNothingOfSuccess() {
        assertThat(EtcdWire.hasSucceeded(hex("0a021805 1001"))).isTrue();
        assertThat(EtcdWire.hasSucceeded(hex("0a021805"))).isFalse();
    }

    @Test
    void keysAndEventsAreCountedWhateverElseIsThere() {
        assertThat(EtcdWire.keys(hex("0a021805 12030a0161 12030a0162 2002"))).isEqualTo(2);
        assertThat(EtcdWire.events(hex("0a021805 1001 5a00 5a0512030a0161 5a00")))
                .isEqualTo(3);
    }

    @Test
    void anAppendComparesHowOftenTheCounterWasWrittenAndLooksAtItIfThatIsNotSo() {
        assertThat(EtcdWire.append("c", 5, "e", ascii("v")))
                .isEqualTo(hex("0a07 1000 1a0163 2005" + "1207 1205 0a0163 1200" + "1208 1206 0a0165 120176"
                        + "1a05 0a03 0a0163"));
    }

    @Test
    void anAppendThatWasRefusedTellsHowOftenTheCounterWasWritten() {
        assertThat(EtcdWire.versionFound(hex("0a021805 1a0f 0a0d 0a021805 1207 0a0163 1803 2007")))
                .isEqualTo(7);
        assertThat(EtcdWire.versionFound(hex("0a021805 1a06 0a04 0a021805"))).isZero();
    }

    @Test
    void theEventsOfAWatchTellTheirKeys() {
        assertThat(EtcdWire.eventKeys(hex("0a021805 5a0512030a0161 5a07 0801 12030a0162")))
                .containsExactly("a", "b");
    }

    @Test
    void aWatchThatHasEndedIsNoHistory() {
        assertThatThrownBy(() -> EtcdWire.events(hex("0a021805 2001"))).hasMessage("etcd cancelled the watch");
    }

    @Test
    void theLeaderIsTheFourthFieldOfAStatus() {
        assertThat(EtcdWire.leader(hex("0a021805 1205332e342e30 188001 2009"))).isEqualTo(9);
    }

    @Test
    void whatIsCutShortIsNoMessage() {
        assertThatThrownBy(() -> EtcdWire.revision(hex("0a05 1805"))).isInstanceOf(BufferUnderflowException.class);
    }
}
