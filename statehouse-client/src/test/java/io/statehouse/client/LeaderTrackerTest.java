package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaderTrackerTest {
    private static final Endpoint A = new Endpoint("a", 1);
    private static final Endpoint B = new Endpoint("b", 1);
    private static final Endpoint HINTED = new Endpoint("inside", 1);

    private final AtomicLong nanos = new AtomicLong();
    private final LeaderTracker tracker = new LeaderTracker(List.of(A, B), nanos::get);

    @Test
    void endpointsAreAskedInTurnUntilOneLeads() {
        assertThat(List.of(tracker.likelyLeader(), tracker.likelyLeader(), tracker.likelyLeader()))
                .containsExactly(A, B, A);

        tracker.leads(B);

        assertThat(List.of(tracker.likelyLeader(), tracker.likelyLeader())).containsExactly(B, B);
        assertThat(tracker.anyone()).isEqualTo(B);
        assertThat(tracker.anyone()).isEqualTo(A);
    }

    @Test
    void anEndpointThatFailedIsPassedOverForAWhileIfThereIsAnother() {
        assertThat(tracker.failed(A)).isFalse();
        assertThat(List.of(tracker.anyone(), tracker.anyone())).containsExactly(B, B);

        nanos.addAndGet(LeaderTracker.AVOIDED_FOR.toNanos());
        assertThat(List.of(tracker.anyone(), tracker.anyone())).contains(A);

        assertThat(tracker.failed(A)).isFalse();
        assertThat(tracker.failed(B)).isFalse();
        assertThat(List.of(tracker.anyone(), tracker.anyone())).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void aHintedAddressThatWasNeverReachedEndsTrustInHintsForAWhile() {
        tracker.leads(HINTED);

        assertThat(tracker.failed(HINTED)).isTrue();

        assertThat(tracker.mayFollowHints()).isFalse();
        assertThat(tracker.likelyLeader()).isEqualTo(A);
        nanos.addAndGet(LeaderTracker.HINTS_DISTRUSTED_FOR.toNanos());
        assertThat(tracker.mayFollowHints()).isTrue();
    }

    @Test
    void aHintedAddressThatAnsweredOnceMayDieWithoutEndingTrustInHints() {
        tracker.leads(HINTED);
        tracker.answered(HINTED);

        assertThat(tracker.failed(HINTED)).isFalse();

        assertThat(tracker.mayFollowHints()).isTrue();
        assertThat(tracker.likelyLeader()).isEqualTo(A);
    }
}
