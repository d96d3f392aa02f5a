package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSummaryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1.0",
                "1e400",
                "9007199254740993",
                "\"\"",
                "{}",
                "[]",
                "[[],{}]",
                "{\"b\":1,\"a\":[1,2.50,null]}",
                "\"é 😀\""
            })
    void whatFitsIsShownAsItIs(String json) {
        assertThat(ValueSummary.of(json)).isEqualTo(json);
    }

    @Test
    void containersAreCompactAndKeepTheOrderOfTheirFields() {
        assertThat(ValueSummary.of("{ \"b\" : [ 1 , \"x y\" ] ,\n\t\"a\" : { } }"))
                .isEqualTo("{\"b\":[1,\"x y\"],\"a\":{}}");
    }

    @Test
    void aStringIsUnescapedButForLineBreaksAndTabs() {
        assertThat(ValueSummary.of("\"a\\nb\\rc\\td\\\"e\\\\f\\u00e9\\/\\ud83d\\ude00\""))
                .isEqualTo("\"a\\nb\\rc\\td\"e\\fé/😀\"");
    }

    @Test
    void aStringIsCutWhenItsQuotedFormPassesOneHundredAndTwenty() {
        assertThat(ValueSummary.of(quoted("x".repeat(118)))).isEqualTo(quoted("x".repeat(118)));
        assertThat(ValueSummary.of(quoted("x".repeat(119)))).isEqualTo(quoted("x".repeat(114) + "..."));
    }

    @Test
    void aStringIsCutByCharactersNotByUnits() {
        assertThat(ValueSummary.of(quoted("😀".repeat(118)))).isEqualTo(quoted("😀".repeat(118)));
        assertThat(ValueSummary.of(quoted("😀".repeat(119)))).isEqualTo(quoted("😀".repeat(114) + "..."));
    }

    @Test
    void escapesCountAsTheyAreShown() {
        assertThat(ValueSummary.of(quoted("\\n".repeat(60)))).isEqualTo(quoted("\\n".repeat(57) + "..."));
    }

    @Test
    void aContainerOfExactlyOneHundredAndTwentyFits() {
        String fits = "[" + quoted("x".repeat(116)) + "]";
        assertThat(fits).hasSize(120);
        assertThat(ValueSummary.of(fits)).isEqualTo(fits);
        assertThat(ValueSummary.of("[" + quoted("x".repeat(117)) + "]"))
                .isEqualTo("[" + quoted("x".repeat(24) + "...") + "] len=1");
    }

    @Test
    void aLongListShowsTwoPreviewsAndItsLength() {
        String numbers = IntStream.range(0, 100).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertThat(ValueSummary.of("[" + numbers + "]")).isEqualTo("[0, 1, ...] len=100");

        String long30 = quoted("x".repeat(28));
        String long31 = quoted("x".repeat(29));
        assertThat(ValueSummary.of("[" + long30 + "," + long31 + "," + long30 + "," + long30 + "]"))
                .isEqualTo("[" + long30 + ", " + quoted("x".repeat(24) + "...") + ", ...] len=4");
    }

    @Test
    void aListOfTwoLongOnesHasNothingMoreToPromise() {
        String long100 = quoted("x".repeat(100));
        String cut = quoted("x".repeat(24) + "...");
        assertThat(ValueSummary.of("[" + long100 + "," + long100 + "]")).isEqualTo("[" + cut + ", " + cut + "] len=2");
    }

    @Test
    void previewsOfContainersAreAtMostThirtyLong() {
        String inner = "{\"a long field name\":1,\"another long field name\":2}";
        String innerList = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]";
        assertThat(ValueSummary.of("[" + inner + "," + innerList + "," + inner + "]"))
                .isEqualTo("[{a long field name:..., ano..., [1, 2, ...] len=15, ...] len=3");
    }

    @Test
    void aLongObjectShowsTwoNamesAndHowManyThereAre() {
        String value = quoted("x".repeat(118));
        assertThat(ValueSummary.of("{\"title\":" + value + ",\"body\":{\"n\":1},\"tags\":[]}"))
                .isEqualTo("{title:..., body:..., n_fields=3}");
        assertThat(ValueSummary.of("{\"title\":" + value + "}")).isEqualTo("{title:..., n_fields=1}");
    }

    @Test
    void bracketsAndCommasInStringsSeparateNothing() {
        String tricky = "{\"a,]}\\\"\":\"[,{\",\"b\":" + quoted("x".repeat(120)) + ",\"c\":1}";
        assertThat(ValueSummary.of(tricky)).isEqualTo("{a,]}\":..., b:..., n_fields=3}");
    }

    @Test
    void aLongNumberIsCut() {
        assertThat(ValueSummary.of("1".repeat(121))).isEqualTo("1".repeat(117) + "...");
    }

    @Test
    void nothingIsEverLongerThanOneHundredAndTwenty() {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String json = randomJson(random, 4);
            assertThat(EventLines.length(ValueSummary.of(json))).as(json).isLessThanOrEqualTo(120);
        }
    }

    @Test
    void textThatIsNoJsonDoesNoHarm() {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        String alphabet = "{}[]\":,\\u0 \n1x";
        for (int i = 0; i < 20_000; i++) {
            String text = random.ints(random.nextInt(200), 0, alphabet.length())
                    .mapToObj(c -> alphabet.substring(c, c + 1))
                    .collect(Collectors.joining());
            assertThat(EventLines.length(ValueSummary.of(text))).as(text).isLessThanOrEqualTo(120);
            assertThat(JsonText.pretty(text)).isNotNull();
        }
    }

    private static String randomJson(Random random, int depth) {
        int size = random.nextInt(8);
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> "null";
            case 2 -> quoted("é\\n".repeat(random.nextInt(60)));
            case 3 -> quoted("😀".repeat(random.nextInt(130)));
            case 4 ->
                IntStream.range(0, size)
                        .mapToObj(i -> randomJson(random, depth - 1))
                        .collect(Collectors.joining(" , ", "[", "]"));
            default ->
                IntStream.range(0, size)
                        .mapToObj(
                                i -> quoted("k".repeat(random.nextInt(50)) + i) + ": " + randomJson(random, depth - 1))
                        .collect(Collectors.joining(",\n", "{", "}"));
        };
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
