package io.statehouse.node;

import static io.statehouse.node.contract.V1Client.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.node.contract.V1Client;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStatehouseTest {
    @Test
    void aNodeInMemoryAnswersAtOnce() {
        try (EmbeddedStatehouse embedded = EmbeddedStatehouse.inMemory();
                V1Client client = new V1Client(embedded.address(), "")) {
            client.put("ada", "k", number(1));
            assertThat(client.get("ada", "k").getVersion()).isEqualTo(1);
            assertThat(HttpProbe.send(embedded.httpPort(), "GET", "/healthz").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatWasCommittedIsThereAgain(@TempDir Path directory) {
        Path data = directory.resolve("data");
        try (EmbeddedStatehouse embedded = EmbeddedStatehouse.at(data);
                V1Client client = new V1Client(embedded.address(), "")) {
            client.put("ada", "k", number(1));
        }
        try (EmbeddedStatehouse embedded = EmbeddedStatehouse.at(data);
                V1Client client = new V1Client(embedded.address(), "")) {
            assertThat(client.get("ada", "k").getVersion()).isEqualTo(1);
        }
    }
}
