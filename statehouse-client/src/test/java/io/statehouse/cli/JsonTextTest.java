package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void layingOutChangesNoValue() {
        String json = "{\"n\":9007199254740993,\"d\":1.50,\"e\":[[],{},[{\"a\":null}]],\"s\":\"a \\\" b\",\"n\":1e-7}";

        assertThat(JsonText.compact(JsonText.pretty(json))).isEqualTo(json);
    }

    @Test
    void prettyPutsEveryFieldAndElementOnItsLine() {
        assertThat(JsonText.pretty("{\"a\":[1,{\"b\":[]}],\"c\":{}}")).isEqualTo("""
                        {
                          "a": [
                            1,
                            {
                              "b": []
                            }
                          ],
                          "c": {}
                        }""");
    }

    @Test
    void charactersThatSteerATerminalBecomeEscapesOfTheSameValue() {
        String hostile = "\"\u007f\u009b31m\u202e\u2066\u2028\"";

        String safe = JsonText.compact(hostile);

        assertThat(safe).isEqualTo("\"\\u007f\\u009b31m\\u202e\\u2066\\u2028\"");
        assertThat(Json.parse(safe).toJava()).isEqualTo(Json.parse(hostile).toJava());
    }

    @Test
    void quoteAndStringAreInverse() {
        String text = "a\"b\\c\nd\te\u001b[31m\u0000é😀\u202e/";

        assertThat(JsonText.string(JsonText.quote(text))).isEqualTo(text);
        assertThat(Json.parse(JsonText.quote(text)).toJava()).isEqualTo(text);
        assertThat(JsonText.quote(text)).doesNotContain("\u001b", "\u202e", "\n");
    }

    @Test
    void fieldsComeWithTheTextOfTheirValues() {
        assertThat(JsonText.fields("{ \"a\" : 1.0 , \"b,:\" : [ {\"c\":2} ] , \"a\" : \"x\" }"))
                .containsExactly(
                        new JsonText.Field("a", "1.0"),
                        new JsonText.Field("b,:", "[{\"c\":2}]"),
                        new JsonText.Field("a", "\"x\""));
        assertThat(JsonText.fields("{}")).isEmpty();
        assertThat(JsonText.elements("[]")).isEmpty();
        assertThat(JsonText.elements("[[1,2],\"a,b\"]")).containsExactly("[1,2]", "\"a,b\"");
    }

    @Test
    void aMillionBracketsAreLaidOutInBoundedMemory() {
        String deep = "[".repeat(20_000) + "]".repeat(20_000);

        assertThat(JsonText.compact(deep)).isEqualTo(deep);
        assertThat(JsonText.compact(JsonText.pretty(deep))).isEqualTo(deep);
    }
}
