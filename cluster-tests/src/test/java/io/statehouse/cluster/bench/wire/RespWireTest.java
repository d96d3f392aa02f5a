package io.statehouse.cluster.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RespWireTest {
    private static ByteArrayInputStream sent(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long answer(String text) throws IOException {
        return RespWire.answer(sent(text));
    }

    @Test
    void aCommandIsAnArrayOfStringsCountedInBytes() {
        byte[] command = RespWire.command("HSET", "agent", "ä", new byte[] {'v'});

        assertThat(new String(command, StandardCharsets.UTF_8))
                .isEqualTo("*4\r\n$4\r\nHSET\r\n$5\r\nagent\r\n$2\r\nä\r\n$1\r\nv\r\n");
    }

    @Test
    void everyKindOfAnswerIsReadToItsEnd() throws IOException {
        var in = sent("+OK\r\n:42\r\n$3\r\nf\r\n\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n+end\r\n");

        assertThat(RespWire.answer(in)).isZero();
        assertThat(RespWire.answer(in)).isEqualTo(42);
        assertThat(RespWire.answer(in)).isEqualTo(3);
        assertThat(RespWire.answer(in)).isEqualTo(-1);
        assertThat(RespWire.answer(in)).isEqualTo(2);
        assertThat(RespWire.answer(in)).isZero();
        assertThat(in.available()).isZero();
    }

    @Test
    void theStringsOfAnAnswerAreKeptInTheirOrder() throws IOException {
        assertThat(RespWire.strings(sent("*2\r\n$1\r\na\r\n*2\r\n$2\r\n\r\n\r\n*1\r\n$1\r\nb\r\n")))
                .containsExactly("a", "\r\n", "b");
        assertThat(RespWire.strings(sent("*-1\r\n"))).isEmpty();
    }

    @Test
    void aRefusalIsAFailureAlsoInsideAnArray() {
        assertThatThrownBy(() -> answer("-ERR no\r\n")).hasMessage("redis refused: ERR no");
        assertThatThrownBy(() -> answer("*2\r\n:1\r\n-ERR no\r\n")).hasMessage("redis refused: ERR no");
    }

    @Test
    void whatIsNoAnswerIsAFailure() {
        assertThatThrownBy(() -> answer("?\r\n")).hasMessageContaining("sent no answer but '?'");
        assertThatThrownBy(() -> answer("\r\n")).hasMessageContaining("does not end in CR LF");
        assertThatThrownBy(() -> answer("$2\r\nabc\r\n")).hasMessageContaining("longer than it says");
        assertThatThrownBy(() -> answer("*2\r\n:1\r\n")).isInstanceOf(EOFException.class);
    }
}
