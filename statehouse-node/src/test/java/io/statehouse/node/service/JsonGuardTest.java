package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGuardTest {
    private static final int DEPTH_MAX = 10;

    private final JsonGuard guard = new JsonGuard(DEPTH_MAX);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                " true ",
                "-0.0e-0",
                "12345678901234567890123456789",
                "\"\\ud83c\\udfdb \\u0000\"",
                "[]",
                "{\"a\":{\"a\":[1,null,\"}{][\\\"\"]}}",
                "{\"\":1}"
            })
    void whatPassesIsKeptByteForByte(String text) {
        assertThat(guard.check("json", utf8(text)).utf8()).isEqualTo(utf8(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "01",
                "+1",
                ".5",
                "1.",
                "NaN",
                "Infinity",
                "'a'",
                "{a:1}",
                "1 2",
                "{} {}",
                "\"\\x\"",
                "\"tab\tinside\"",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "// comment\n1",
                "tru",
                "]"
            })
    void whatIsNotStrictJsonIsRefused(String text) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> guard.check("json", utf8(text)))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
                    assertThat(refusal.details()).containsEntry("field", "json");
                });
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[][] broken = {
            {'"', (byte) 0xff, '"'}, {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, {'"', (byte) 0xc3}
        };
        for (byte[] text : broken) {
            assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> guard.check("json", text));
        }
    }

    @Test
    void depthIsBoundedAndTheBoundNamed() {
        guard.check("json", utf8("[".repeat(DEPTH_MAX) + "]".repeat(DEPTH_MAX)));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> guard.check("json", utf8("[".repeat(1_000_000))))
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(ErrorKind.LIMIT_EXCEEDED);
                    assertThat(refusal.details()).containsEntry("limit", "jsonDepthMax");
                });
    }

    @Test
    void aNumberOfAMillionDigitsIsRefused() {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> guard.check("json", utf8("1".repeat(1_000_000))));
    }
}
