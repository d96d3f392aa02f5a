package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.TreeStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckDigestTest {
    private final StateMachine state = StateMachine.open(new TreeStore(), RandomLog.LIMITS);
    private final RandomLog log = new RandomLog(Seed.random(CheckDigestTest.class));
    private final List<Applied> past = new ArrayList<>();
    private long index;

    @BeforeEach
    void run() {
        past.add(state.progress());
        for (int batch = 0; batch < 30; batch++) {
            state.execute(new LogPosition(1, index++), log.batch(4));
            past.add(state.progress());
        }
    }

    @Test
    void aReplicaAgreesWithWhatItHeldAtAnyCommitBefore() {
        for (Applied then : past) {
            assertThat(check(then.commitTs(), then.digest())).containsExactly(new Reply.Done());
        }
    }

    @Test
    void aCheckChangesNothingButThePosition() {
        Applied before = state.progress();

        check(before.commitTs(), before.digest());

        assertThat(state.progress().point()).isEqualTo(before.point());
        assertThat(state.progress().digest()).isEqualTo(before.digest());
        assertThat(state.progress().chainHash()).isEqualTo(before.chainHash());
    }

    @Test
    void anotherDigestStopsTheReplicaForGood() {
        Applied now = state.progress();
        StateDigest other = new StateDigest(now.digest().high(), now.digest().low() ^ 1);

        assertThatThrownBy(() -> check(now.commitTs(), other))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("as of commit " + now.commitTs())
                .hasMessageContaining(other.toString())
                .hasMessageContaining(now.digest().toString());
        assertThatThrownBy(() -> state.execute(new LogPosition(1, index++), log.batch(1)))
                .isInstanceOf(StoreFailedException.class);
    }

    @Test
    void aCommitThatOnlyTheLeaderHasStopsTheReplica() {
        CommitTs next = state.view().at().next();

        assertThatThrownBy(() -> check(next, StateDigest.EMPTY))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("no such commit");
    }

    private List<Reply> check(CommitTs at, StateDigest digest) {
        return state.execute(
                new LogPosition(1, index++),
                new LoggedBatch(log.stamp(), 7, index, List.of(new CheckDigest(at, digest))));
    }
}
