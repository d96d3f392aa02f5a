package io.statehouse.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@StatehouseTest
class OneNodeTest {
    @BeforeEach
    void begin(StatehouseClient client) {
        client.put("ada", "plan", Json.of("begun"));
    }

    @RepeatedTest(2)
    void eachTestHasANamespaceOfItsOwn(StatehouseClient client) {
        assertThat(client.get("ada", "plan").version()).isEqualTo(1);
        assertThat(client.get("ada", "plan").value()).isEqualTo(Json.of("begun"));
    }

    @Nested
    class Within {
        @Test
        void aNestedClassSharesTheNodes(StatehouseClient client, StatehouseExtension statehouse) {
            assertThat(client.get("ada", "plan").version()).isEqualTo(1);
            assertThat(statehouse.addresses()).startsWith("127.0.0.1:");
            assertThatIllegalStateException().isThrownBy(statehouse::cluster);
        }
    }

    @Test
    void otherNumbersOfNodesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatehouseExtension.of(2))
                .withMessage("nodes is 2; it must be 1 or 3");
    }
}
