package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceTest {
    @TempDir
    Path directory;

    @Test
    void aReplicaThatHoldsOtherRowsThanTheLeaderStopsAndTheOthersGoOn() {
        try (var cluster = LocalCluster.start(directory, 3)) {
            cluster.commit(Commands.put("t1", "k", "1"));
            cluster.awaitEqual();
            String astray = cluster.anyFollower();
            cluster.stop(astray);
            leadAstray(directory.resolve(astray));
            cluster.start(astray);

            cluster.commit(Commands.put("t2", "k", "2"));

            await().atMost(LocalCluster.SOON)
                    .untilAsserted(() -> assertThat(cluster.halts())
                            .anyMatch(halt -> halt.startsWith(astray + " STATE_UNTRUSTED cannot apply")));
            cluster.commit(Commands.put("t3", "k", "3"));
            assertThat(cluster.halts()).allMatch(halt -> halt.startsWith(astray));
        }
    }

    /** What an apply that made other rows would have left: another sum. */
    private static void leadAstray(Path member) {
        Path database = new SnapshotDirectory(member.resolve("state"), Limits.DEFAULT, (code, reason, cause) -> {})
                .requireCurrent();
        try (var store = RocksStore.open(database);
                var unit = new WriteUnit(store)) {
            Applied applied = AppliedCodec.decode(Objects.requireNonNull(unit.get(Table.META, AppliedCodec.key())));
            var other = applied.committed(applied.point(), applied.chainHash(), new StateDigest(1, 2));
            unit.put(Table.META, AppliedCodec.key(), AppliedCodec.encode(other));
            store.write(unit);
        }
    }
}
