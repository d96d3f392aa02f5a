package io.statehouse.node.grpc;

import static io.statehouse.node.contract.V1Client.list;
import static io.statehouse.node.contract.V1Client.nested;
import static io.statehouse.node.contract.V1Client.nothing;
import static io.statehouse.node.contract.V1Client.object;
import static io.statehouse.node.contract.V1Client.text;
import static io.statehouse.node.contract.V1Client.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.statehouse.node.service.ErrorKind;
import io.statehouse.node.service.JsonGuard;
import io.statehouse.node.service.ServiceException;
import io.statehouse.statemachine.Json;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StructJsonTest {
    private static final int DEPTH_MAX = 200;
    private static final int ROUNDS = 2_000;

    private final StructJson structs = new StructJson(DEPTH_MAX);
    private final JsonGuard guard = new JsonGuard(DEPTH_MAX);

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    @Test
    void anyStructIsTheSameAfterItWasText() {
        long seed = Long.getLong("statehouse.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Struct struct = struct(random, 6);

            Json text = structs.toJson(struct);

            assertThat(StructJson.toStruct(text))
                    .as("-Dstatehouse.seed=%d round %d", seed, round)
                    .isEqualTo(struct);
            assertThat(guard.check("json", text.utf8())).isEqualTo(text);
        }
    }

    private static Struct struct(SplittableRandom random, int depthLeft) {
        Struct.Builder struct = Struct.newBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            struct.putFields(string(random), anything(random, depthLeft));
        }
        return struct.build();
    }

    private static Value anything(SplittableRandom random, int depthLeft) {
        return switch (random.nextInt(depthLeft > 0 ? 8 : 5)) {
            case 0 -> nothing();
            case 1 -> Value.newBuilder().setBoolValue(random.nextBoolean()).build();
            case 2 -> number(finite(random));
            case 3 -> number(random.nextInt(-1_000, 1_000));
            case 4 -> text(string(random));
            case 5 -> value(struct(random, depthLeft - 1));
            case 6 -> list(anything(random, depthLeft - 1), value(struct(random, depthLeft - 1)));
            default -> list();
        };
    }

    private static double finite(SplittableRandom random) {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : random.nextLong();
    }

    private static String string(SplittableRandom random) {
        return random.ints(random.nextInt(6), 0, 0x11_0000)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void depthIsBoundedOnTheWayIn() {
        assertThat(StructJson.toStruct(structs.toJson(nested(DEPTH_MAX)))).isEqualTo(nested(DEPTH_MAX));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> structs.toJson(nested(DEPTH_MAX + 1)))
                .satisfies(refusal -> assertThat(refusal.details()).containsEntry("limit", "jsonDepthMax"));
    }

    @Test
    void aDepthBombIsRefusedAndNotAStackOverflow() {
        Value bomb = nothing();
        for (int i = 0; i < 5_000; i++) {
            bomb = list(bomb);
        }
        Struct struct = object("bomb", bomb);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> structs.toJson(struct))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.LIMIT_EXCEEDED));
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatExceptionOfType(ServiceException.class)
                    .isThrownBy(() -> structs.toJson(object("n", number(number))))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_REQUEST));
        }
    }

    @Test
    void aValueWithoutAKindIsRefused() {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> structs.toJson(object("n", Value.getDefaultInstance())))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_REQUEST));
    }

    @Test
    void oneStructIsOneTextHoweverItsMapWasLaidOut() {
        Struct one = Struct.newBuilder()
                .putFields("b", number(1))
                .putFields("a", number(2))
                .build();
        Struct other = Struct.newBuilder()
                .putFields("a", number(2))
                .putFields("b", number(1))
                .build();

        assertThat(structs.toJson(one)).isEqualTo(structs.toJson(other)).hasToString("{\"a\":2,\"b\":1}");
    }

    @Test
    void wholeNumbersAreWrittenWithoutAFractionWhereDoublesAreExact() {
        assertThat(structs.toJson(object("n", number(42)))).hasToString("{\"n\":42}");
        assertThat(structs.toJson(object("n", number(0x1p53)))).hasToString("{\"n\":9007199254740992}");
        assertThat(structs.toJson(object("n", number(-0.0)))).hasToString("{\"n\":-0.0}");
        assertThat(structs.toJson(object("n", number(1e300)))).hasToString("{\"n\":1.0E300}");
    }

    @Test
    void aStoredValueThatIsNoObjectIsShownUnderAName() {
        assertThat(StructJson.toStruct(json(" [1, {}] ")))
                .isEqualTo(object("value", list(number(1), value(Struct.getDefaultInstance()))));
        assertThat(StructJson.toStruct(json("null"))).isEqualTo(object("value", nothing()));
        assertThat(StructJson.toStruct(json("\"x\""))).isEqualTo(object("value", text("x")));
    }

    @Test
    void aStoredNumberBeyondDoublesBecomesTheLargestFiniteOne() {
        assertThat(StructJson.toStruct(json("{\"n\":1e400,\"m\":-1e400}")))
                .isEqualTo(Struct.newBuilder()
                        .putFields("n", number(Double.MAX_VALUE))
                        .putFields("m", number(-Double.MAX_VALUE))
                        .build());
    }
}
