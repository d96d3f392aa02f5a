package io.statehouse.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ThreeNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final StatehouseExtension STATEHOUSE = StatehouseExtension.of(3);

    @Test
    void whatWasCommittedSurvivesTheLeader(StatehouseClient connection) {
        StatehouseClient client = connection.withTimeout(PATIENCE);
        client.put("ada", "plan", Json.of(1));
        int leader = STATEHOUSE.cluster().leader();

        STATEHOUSE.cluster().stop(leader);
        client.put("ada", "plan", Json.of(2));
        STATEHOUSE.cluster().start(leader);

        assertThat(client.get("ada", "plan").value()).isEqualTo(Json.of(2));
        assertThat(client.get("ada", "plan").version()).isEqualTo(2);
        assertThat(client.agentLayer().tools("worker").once("mail", Json.of("ada"), () -> Json.of("sent")))
                .isEqualTo(Json.of("sent"));
    }
}
