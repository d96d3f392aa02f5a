package io.statehouse.statemachine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {
    /** Of "abc", from FIPS 180-2. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void thePartsAreHashedAsIfTheyWereOne() {
        assertThat(hash("abc")).isEqualTo(ABC);
        assertThat(hash("a", "", "bc")).isEqualTo(ABC);
    }

    @Test
    @SuppressWarnings("NullAway") // what must not be
    void aCallThatFailedLeavesNothingToTheNext() {
        assertThatThrownBy(() -> Sha256.of("x".getBytes(UTF_8), null)).isInstanceOf(NullPointerException.class);

        assertThat(hash("abc")).isEqualTo(ABC);
    }

    private static String hash(String... parts) {
        byte[][] bytes = new byte[parts.length][];
        for (int part = 0; part < parts.length; part++) {
            bytes[part] = parts[part].getBytes(UTF_8);
        }
        return HexFormat.of().formatHex(Sha256.of(bytes));
    }
}
