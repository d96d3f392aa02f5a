package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessTest {
    @Test
    void aWordThatIsNotUnderstoodDoesNotMeanPlainText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Access.fromEnvironment(Map.of("STATEHOUSE_TLS", "yes")))
                .withMessage("STATEHOUSE_TLS must be true or false, not 'yes'");
        assertThat(Access.fromEnvironment(Map.of("STATEHOUSE_TLS", "false")))
                .hasToString("Access[tls=null, token=none]");
        assertThat(Access.fromEnvironment(Map.of("STATEHOUSE_TLS", "true")).toString())
                .doesNotContain("tls=null");
    }
}
