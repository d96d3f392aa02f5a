package io.statehouse.statemachine.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.json.JsonNode.JsonArray;
import io.statehouse.statemachine.json.JsonNode.JsonBoolean;
import io.statehouse.statemachine.json.JsonNode.JsonNull;
import io.statehouse.statemachine.json.JsonNode.JsonNumber;
import io.statehouse.statemachine.json.JsonNode.JsonObject;
import io.statehouse.statemachine.json.JsonNode.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
    private static final int ROUNDS = 20_000;

    /** The examples of RFC 6902, appendix A, and the rules of its text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}] | {\"foo\":\"bar\",\"baz\":\"qux\"}",
                "{\"foo\":[\"bar\",\"baz\"]} | [{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}] | {\"foo\":[\"bar\",\"qux\",\"baz\"]}",
                "{\"baz\":\"qux\",\"foo\":\"bar\"} | [{\"op\":\"remove\",\"path\":\"/baz\"}] | {\"foo\":\"bar\"}",
                "{\"foo\":[\"bar\",\"qux\",\"baz\"]} | [{\"op\":\"remove\",\"path\":\"/foo/1\"}] | {\"foo\":[\"bar\",\"baz\"]}",
                "{\"baz\":\"qux\",\"foo\":1} | [{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}] | {\"baz\":\"boo\",\"foo\":1}",
                "{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}} | [{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}] | {\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}",
                "{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]} | [{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}] | {\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}",
                "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]} | [{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"qux\"},{\"op\":\"test\",\"path\":\"/foo/1\",\"value\":2}] | {\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
                "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}] | {\"foo\":\"bar\",\"child\":{\"grandchild\":{}}}",
                "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"xyz\":123}] | {\"foo\":\"bar\",\"baz\":\"qux\"}",
                "{\"/\":9,\"~1\":10} | [{\"op\":\"test\",\"path\":\"/~01\",\"value\":10}] | {\"/\":9,\"~1\":10}",
                "{\"foo\":[\"bar\"]} | [{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}] | {\"foo\":[\"bar\",[\"abc\",\"def\"]]}",
                "{\"a\":1} | [{\"op\":\"add\",\"path\":\"\",\"value\":null}] | null",
                "{\"a\":1} | [{\"op\":\"add\",\"path\":\"/a\",\"value\":null}] | {\"a\":null}",
                "{\"a\":null} | [{\"op\":\"test\",\"path\":\"/a\",\"value\":null}] | {\"a\":null}",
                "{\"a\":[1,{\"b\":2}]} | [{\"op\":\"copy\",\"from\":\"/a/1\",\"path\":\"/a/0\"}] | {\"a\":[{\"b\":2},1,{\"b\":2}]}",
                "{\"\":1} | [{\"op\":\"replace\",\"path\":\"/\",\"value\":2}] | {\"\":2}",
                "{\"a\":1} | [{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}] | {\"a\":1}",
                "[1,2] | [{\"op\":\"add\",\"path\":\"/2\",\"value\":3}] | [1,2,3]"
            })
    void aPatchThatFitsIsApplied(String before, String patch, String after) throws Exception {
        assertThat(JsonWriter.text(JsonPatch.of(parse(patch)).apply(parse(before))))
                .isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"baz\":\"qux\"} | [{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}] | test failed",
                "{\"foo\":\"bar\"} | [{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}] | nothing at 'baz'",
                "{\"/\":9,\"~1\":10} | [{\"op\":\"test\",\"path\":\"/~01\",\"value\":\"10\"}] | test failed",
                "{} | [{\"op\":\"remove\",\"path\":\"/a\"}] | nothing at 'a'",
                "{} | [{\"op\":\"replace\",\"path\":\"/a\",\"value\":1}] | nothing at 'a'",
                "{} | [{\"op\":\"remove\",\"path\":\"\"}] | cannot be removed",
                "[1] | [{\"op\":\"add\",\"path\":\"/2\",\"value\":1}] | no position '2'",
                "[1] | [{\"op\":\"add\",\"path\":\"/01\",\"value\":1}] | no position '01'",
                "[1] | [{\"op\":\"add\",\"path\":\"/-1\",\"value\":1}] | no position '-1'",
                "[1] | [{\"op\":\"remove\",\"path\":\"/-\"}] | no position '-'",
                "[] | [{\"op\":\"test\",\"path\":\"/0\",\"value\":1}] | no position '0'",
                "{\"a\":{\"b\":1}} | [{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}] | into itself",
                "{\"a\":1} | [{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}] | not in an object or an array",
                "{} | [{\"op\":\"add\",\"path\":\"a\",\"value\":1}] | begins with '/'",
                "{} | [{\"op\":\"add\",\"path\":\"/~2\",\"value\":1}] | '~' must be followed",
                "{} | [{\"op\":\"add\",\"path\":\"/a\"}] | needs a 'value'",
                "{} | [{\"op\":\"add\",\"value\":1}] | needs the string 'path'",
                "{} | [{\"op\":\"copy\",\"path\":\"/a\"}] | needs the string 'from'",
                "{} | [{\"op\":\"spam\",\"path\":\"/a\"}] | unknown operation 'spam'",
                "{} | [1] | is an object",
                "{} | {} | is an array"
            })
    void aPatchThatDoesNotFitIsRefused(String before, String patch, String reason) {
        assertThatThrownBy(() -> JsonPatch.of(parse(patch)).apply(parse(before)))
                .isInstanceOf(JsonPatchException.class)
                .hasMessageContaining(reason);
    }

    /** The examples of RFC 7396, appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"} | {\"a\":null} | {}",
                "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
                "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
                "[\"a\",\"b\"] | [\"c\",\"d\"] | [\"c\",\"d\"]",
                "{\"a\":\"b\"} | [\"c\"] | [\"c\"]",
                "{\"a\":\"foo\"} | null | null",
                "{\"a\":\"foo\"} | \"bar\" | \"bar\"",
                "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
                "[1,2] | {\"a\":\"b\",\"c\":null} | {\"a\":\"b\"}",
                "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}"
            })
    void aMergePatchReplacesAndDeletesMembers(String before, String patch, String after) throws Exception {
        assertThat(JsonWriter.text(MergePatch.apply(parse(before), parse(patch))))
                .isEqualTo(after);
    }

    @Test
    void aDiffAppliedToTheFirstValueGivesTheSecond() throws Exception {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode before = randomNode(random, 4);
            JsonNode after = random.nextInt(3) == 0 ? randomNode(random, 4) : mutated(random, before);

            JsonPatch diff = JsonDiff.between(before, after);

            assertThat(diff.apply(before).means(after))
                    .as("seed %s round %s: %s -> %s by %s", seed, round, before, after, diff)
                    .isTrue();
            assertThat(diff.steps().isEmpty()).isEqualTo(before.means(after));
        }
    }

    @Test
    void aDiffSaysOnlyWhatChanged() throws Exception {
        var diff = JsonDiff.between(
                parse("{\"goal\":\"fly\",\"steps\":[\"a\",\"b\",\"c\"],\"n\":1.0}"),
                parse("{\"goal\":\"fly\",\"steps\":[\"a\",\"x\",\"b\",\"c\"],\"n\":1,\"done\":true}"));

        assertThat(diff.steps())
                .containsExactly(
                        new JsonPatch.Step.Add(JsonPointer.parse("/steps/1"), new JsonString("x")),
                        new JsonPatch.Step.Add(JsonPointer.parse("/done"), new JsonBoolean(true)));
    }

    private static JsonNode mutated(RandomGenerator random, JsonNode node) {
        return switch (node) {
            case JsonObject object -> {
                var members = new LinkedHashMap<>(object.members());
                members.replaceAll((name, value) -> random.nextInt(3) == 0 ? mutated(random, value) : value);
                members.keySet().removeIf(name -> random.nextInt(6) == 0);
                if (random.nextInt(3) == 0) {
                    members.put("new" + random.nextInt(3), randomNode(random, 2));
                }
                yield new JsonObject(members);
            }
            case JsonArray array -> {
                var items = new ArrayList<>(array.items());
                items.removeIf(item -> random.nextInt(4) == 0);
                items.replaceAll(item -> random.nextInt(4) == 0 ? mutated(random, item) : item);
                if (random.nextBoolean()) {
                    items.add(random.nextInt(items.size() + 1), randomNode(random, 2));
                }
                yield new JsonArray(items);
            }
            case JsonNull ignored -> randomNode(random, 1);
            case JsonBoolean bool -> new JsonBoolean(!bool.value());
            case JsonNumber ignored -> new JsonNumber(String.valueOf(random.nextInt(5)));
            case JsonString string -> new JsonString(string.value() + "~/");
        };
    }

    private static JsonNode randomNode(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> new JsonNull();
            case 1 -> new JsonBoolean(random.nextBoolean());
            case 2 -> new JsonNumber(String.valueOf(random.nextInt(4)));
            case 3 -> new JsonString("s" + random.nextInt(3));
            case 4 -> {
                var members = new LinkedHashMap<String, JsonNode>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(
                            random.nextBoolean() ? "m" + random.nextInt(5) : "~/" + i, randomNode(random, depth - 1));
                }
                yield new JsonObject(members);
            }
            default -> {
                var items = new ArrayList<JsonNode>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(randomNode(random, depth - 1));
                }
                yield new JsonArray(items);
            }
        };
    }

    private static JsonNode parse(String text) throws JsonSyntaxException {
        return JsonParser.parse(text.getBytes(UTF_8), 100);
    }
}
