package io.statehouse.statemachine.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonParserTest {
    private static final int DEPTH_MAX = 200;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "9007199254740993",
                "-1.50E+007",
                "1e-400",
                "\"\"",
                "\"a\\\"b\\\\\\n\u00e9\uD83D\uDE00\"",
                "[]",
                "{}",
                "[[],{},[null]]",
                "{\"b\":1,\"a\":[{\"x\":\"\"}],\"\":0}"
            })
    void compactTextComesBackAsItWas(String text) throws JsonSyntaxException {
        assertThat(JsonWriter.text(parse(text))).isEqualTo(text);
    }

    @Test
    void spaceIsDroppedAndEscapesAreResolved() throws JsonSyntaxException {
        assertThat(JsonWriter.text(
                        parse(" { \"a\" : [ 1 ,\t2 ]\r\n, \"\\u0041\\/\\ud83d\\ude00\\u0001\" : \"\\b\" } ")))
                .isEqualTo("{\"a\":[1,2],\"A/\uD83D\uDE00\\u0001\":\"\\u0008\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "nulls",
                "True",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "+1",
                "NaN",
                "Infinity",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "[1,]",
                "[1 2]",
                "[",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":1} 2",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "\"\\ud800\"",
                "\"\\ude00\\ud83d\"",
                "/**/1"
            })
    void whatIsNotStrictJsonIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void brokenUtf8IsRefused() {
        for (byte[] broken :
                new byte[][] {{'"', (byte) 0xC3, '"'}, {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}}) {
            assertThatThrownBy(() -> JsonParser.parse(broken, DEPTH_MAX)).hasMessageContaining("broken UTF-8");
        }
    }

    @Test
    void nestingIsAllowedToTheLimitAndNotBeyond() throws JsonSyntaxException {
        String atLimit = "[".repeat(DEPTH_MAX) + "]".repeat(DEPTH_MAX);

        assertThat(JsonWriter.text(parse(atLimit))).isEqualTo(atLimit);
        assertThatThrownBy(() -> parse("[" + atLimit + "]")).hasMessageContaining("nested deeper than 200");
        assertThatThrownBy(() -> parse("{\"a\":".repeat(10_000))).hasMessageContaining("nested deeper than 200");
    }

    @Test
    void numbersAreAllowedToTheLimitAndNotBeyond() throws JsonSyntaxException {
        assertThat(parse("1".repeat(JsonParser.NUMBER_CHARS_MAX))).isInstanceOf(JsonNode.JsonNumber.class);
        assertThatThrownBy(() -> parse("1".repeat(JsonParser.NUMBER_CHARS_MAX + 1)))
                .hasMessageContaining("a number of more than 1000 characters");
    }

    @Test
    void theErrorNamesTheByte() {
        assertThatThrownBy(() -> parse("{\"a\": tru}")).hasMessage("not a JSON value at byte 6");
    }

    @Test
    void numbersMeanTheirValueHoweverTheyAreWritten() throws JsonSyntaxException {
        assertThat(parse("1.0").means(parse("1"))).isTrue();
        assertThat(parse("10e-1").means(parse("1"))).isTrue();
        assertThat(parse("0.001e3").means(parse("1.000"))).isTrue();
        assertThat(parse("-0.0").means(parse("0e99"))).isTrue();
        assertThat(parse("1e99999999999999999999").means(parse("1e99999999999999999999")))
                .isTrue();
        assertThat(parse("9007199254740993").means(parse("9007199254740992"))).isFalse();
        assertThat(parse("1").means(parse("-1"))).isFalse();
        assertThat(parse("1").means(parse("10"))).isFalse();
    }

    @Test
    void objectsMeanTheSameInAnyOrderAndArraysDoNot() throws JsonSyntaxException {
        assertThat(parse("{\"a\":1,\"b\":[]}").means(parse("{\"b\":[],\"a\":1.0}")))
                .isTrue();
        assertThat(parse("{\"a\":1}").means(parse("{\"a\":1,\"b\":null}"))).isFalse();
        assertThat(parse("[1,2]").means(parse("[2,1]"))).isFalse();
        assertThat(parse("null").means(parse("false"))).isFalse();
        assertThat(parse("\"1\"").means(parse("1"))).isFalse();
    }

    private static JsonNode parse(String text) throws JsonSyntaxException {
        return JsonParser.parse(text.getBytes(UTF_8), DEPTH_MAX);
    }
}
