package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final long SEED = Long.getLong("statehouse.seed", System.nanoTime());

    @Test
    void textIsKeptAsItIs() {
        String text = " {\"a\" : 9007199254740993 , \"b\":1.10, \"c\":\"\\u00e9\"}\n";

        assertThat(Json.parse(text).text()).isEqualTo(text);
    }

    @Test
    void numbersOfAnySizeSurvive() {
        Json json = Json.parse("[9223372036854775807,9223372036854775808,1.10,1e3,-0,1e400]");

        assertThat(json.toList())
                .containsExactly(
                        Long.MAX_VALUE,
                        BigInteger.ONE.shiftLeft(63),
                        new BigDecimal("1.10"),
                        new BigDecimal("1e3"),
                        0L,
                        new BigDecimal("1e400"));
    }

    @Test
    void whateverIsBuiltOfPlainJavaComesBackEqual() {
        System.out.println("seed " + SEED);
        var chance = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            Object value = randomValue(chance, 4);

            Json written = Json.of(value);

            assertThat(Json.parse(written.text()).toJava()).isEqualTo(value);
            assertThat(Json.of(written.toJava())).isEqualTo(written);
        }
    }

    @Test
    void whatIsNotOneJsonValueIsRefused() {
        for (String bad : List.of(
                "",
                "  ",
                "{",
                "[1,]",
                "{\"a\":}",
                "01",
                "NaN",
                "'a'",
                "nul",
                "1 2",
                "{a:1}",
                "\"a\nb\"",
                "\"\\x\"",
                "[1 2]",
                "\ud800",
                "{\"a\":1,}",
                "+1",
                ".5",
                "//c\n1",
                "[".repeat(300) + "]".repeat(300))) {
            assertThatThrownBy(() -> Json.parse(bad)).as("text <%s>", bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRefusalNamesThePlaceAndNotTheContents() {
        assertThatThrownBy(() -> Json.parse("{\"password\": secret}"))
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatJsonHasNoFormForIsRefused() {
        for (Object bad : List.of(Double.NaN, Float.POSITIVE_INFINITY, new Object(), Map.of(1, 2), "\udc00", 'c')) {
            assertThatThrownBy(() -> Json.of(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatThrownBy(() -> Json.of(endless)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesOfOtherKindsCanBePutTogether() {
        Json json = Json.of(Map.of("nested", Json.parse("{\"n\":1.0}")));

        assertThat(json.text()).isEqualTo("{\"nested\":{\"n\":1.0}}");
        assertThat(Json.of("<a>&=").text()).isEqualTo("\"<a>&=\"");
        assertThat(Json.of("é").utf8Length()).isEqualTo(4);
        assertThat(Json.parse("\"a\\u00e9\"").stringValue()).isEqualTo("aé");
        assertThat(Json.of(-5).longValue()).isEqualTo(-5);
        assertThatThrownBy(json::longValue).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(json::stringValue).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(json::toList).isInstanceOf(IllegalStateException.class);
    }

    private static @Nullable Object randomValue(Random chance, int depth) {
        return switch (chance.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> chance.nextBoolean();
            case 2 -> chance.nextLong();
            case 3 -> BigInteger.ONE.shiftLeft(64 + chance.nextInt(60)).add(BigInteger.valueOf(chance.nextInt()));
            case 4 -> new BigDecimal(new BigInteger(80, chance), 1 + chance.nextInt(30));
            case 5 -> randomText(chance);
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = chance.nextInt(5); i > 0; i--) {
                    list.add(randomValue(chance, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = chance.nextInt(5); i > 0; i--) {
                    map.put(randomText(chance), randomValue(chance, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String randomText(Random chance) {
        var text = new StringBuilder();
        for (int i = chance.nextInt(8); i > 0; i--) {
            int point = chance.nextInt(Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
        }
        return text.toString();
    }
}
