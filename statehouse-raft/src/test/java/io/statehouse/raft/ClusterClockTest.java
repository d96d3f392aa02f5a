package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.decide.Reply;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterClockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final List<String> TWO_OTHERS = List.of("n2", "n3");

    private final AtomicLong ownMillis = new AtomicLong(NOW.toEpochMilli());
    private final AtomicLong nanos = new AtomicLong();
    private final ClusterClock clock = new ClusterClock(() -> Instant.ofEpochMilli(ownMillis.get()), nanos::get);

    @TempDir
    Path directory;

    @Test
    void saysNothingBeforeAMajorityIsHeard() {
        clock.agree(TWO_OTHERS);

        assertThat(clock.agreed()).isNotDone();
        assertThatThrownBy(clock::millis).isInstanceOf(LogException.Unavailable.class);
    }

    @Test
    void isTheOwnClockWhileThatIsNearTheOthers() {
        hear("n2", Duration.ofSeconds(9));
        hear("n3", Duration.ofSeconds(9));
        clock.agree(TWO_OTHERS);

        assertThat(clock.instant()).isEqualTo(NOW);
    }

    @Test
    void isTheMiddleClockWhereTheOwnIsFarAhead() {
        hear("n2", YEAR.negated());
        hear("n3", YEAR.negated().plusSeconds(1));
        clock.agree(TWO_OTHERS);

        assertThat(clock.instant()).isEqualTo(NOW.minus(YEAR).plusSeconds(1));
    }

    @Test
    void isTheMiddleClockWhereTheOwnIsFarBehind() {
        hear("n2", YEAR);
        hear("n3", YEAR);
        clock.agree(TWO_OTHERS);

        assertThat(clock.instant()).isEqualTo(NOW.plus(YEAR));
    }

    @Test
    void oneOtherFarAheadMovesNothing() {
        hear("n2", YEAR);
        clock.agree(TWO_OTHERS);

        assertThat(clock.instant()).isEqualTo(NOW);
    }

    @Test
    void aClockThatIsSetHasNoEffectBeforeItIsCompared() {
        hear("n2", Duration.ZERO);
        hear("n3", Duration.ZERO);
        clock.agree(TWO_OTHERS);

        ownMillis.addAndGet(YEAR.toMillis());
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).as("before").isEqualTo(NOW.plusSeconds(1));
        clock.agree(TWO_OTHERS);
        assertThat(clock.instant()).as("after").isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void whatWasHeardLongAgoCountsNoMore() {
        hear("n2", YEAR);
        hear("n3", YEAR);
        pass(Duration.ofSeconds(11));
        clock.agree(TWO_OTHERS);

        assertThat(clock.agreed()).isNotDone();
    }

    @Test
    void aLeaderWhoseClockIsAYearAheadDoesNotMoveTime() {
        var ahead = Clock.offset(Clock.systemUTC(), YEAR);
        try (var cluster =
                LocalCluster.startWithClocks(directory, 3, id -> id.equals("n1") ? ahead : Clock.systemUTC())) {
            cluster.awaitLeader();
            cluster.commit(Commands.put("txn-1", "key", "1"));
            cluster.log(cluster.awaitLeader()).transferLeadership("n1").join();
            cluster.log("n1").awaitReadable().join();

            var reply = (Reply.Committed) cluster.commit(Commands.put("txn-2", "key", "2"));

            assertThat(Instant.ofEpochMilli(reply.wallMillis()))
                    .isBefore(Instant.now().plus(ClusterClock.APART_MAX));
        }
    }

    private void hear(String memberId, Duration ahead) {
        clock.learn(memberId, NOW.plus(ahead).toEpochMilli(), nanos.get());
    }

    private void pass(Duration time) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(time.toMillis()));
        ownMillis.addAndGet(time.toMillis());
    }
}
