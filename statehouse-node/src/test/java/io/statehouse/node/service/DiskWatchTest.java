package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.disk.Ballast;
import io.statehouse.raft.disk.DiskGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWatchTest {
    private static final long RESERVE = 1L << 30;
    private static final long TOTAL = 10 * RESERVE;

    @TempDir
    Path directory;

    private final AtomicLong free = new AtomicLong(TOTAL);
    private final AtomicLong now = new AtomicLong();
    private final HandedOver log = new HandedOver();
    private final List<ExitCode> halts = new ArrayList<>();
    private final DiskGauge gauge = new DiskGauge(reserve -> new DiskGauge.Space(free.get(), TOTAL, reserve), RESERVE);

    private DiskWatch watch;

    @BeforeEach
    void open() {
        watch = new DiskWatch(gauge, log, directory, (code, reason, cause) -> halts.add(code), now::get);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
        watch.look();
    }

    @Test
    void aDiskThatFilledWhileTheNodeFollowedIsHandedOverWhenTheNodeLeads() {
        free.set(RESERVE - 1);
        watch.look();
        assertThat(log.handOvers()).isZero();

        log.lead();
        watch.look();

        assertThat(log.handOvers()).isEqualTo(1);
    }

    @Test
    void aHandOverIsTriedAgainEachTimeLater() {
        free.set(RESERVE - 1);
        log.lead();
        watch.look();
        watch.look();
        assertThat(log.handOvers()).as("not at every look").isEqualTo(1);

        pass(Duration.ofSeconds(5));
        assertThat(log.handOvers()).isEqualTo(2);
        pass(Duration.ofSeconds(5));
        assertThat(log.handOvers()).isEqualTo(2);
        pass(Duration.ofSeconds(5));
        assertThat(log.handOvers()).isEqualTo(3);
    }

    @Test
    void aDiskThatHadRoomAgainIsHandedOverAtOnce() {
        free.set(RESERVE - 1);
        log.lead();
        watch.look();
        free.set(TOTAL);
        watch.look();

        free.set(RESERVE - 1);
        watch.look();

        assertThat(log.handOvers()).isEqualTo(2);
    }

    @Test
    void aNodeWithoutRoomToGoOnEnds() {
        free.set(DiskGuard.FREE_BYTES_MIN);
        watch.look();
        assertThat(halts).isEmpty();

        free.set(DiskGuard.FREE_BYTES_MIN - 1);
        watch.look();

        assertThat(halts).containsExactly(ExitCode.STORAGE_FAILED);
    }

    @Test
    void spaceIsKeptForADiskThatIsFullAndNotTakenAgainWhenItWasFreed() throws Exception {
        watch.look();
        assertThat(Ballast.isThere(directory)).as("at the start").isFalse();

        pass(Duration.ofMinutes(1));
        assertThat(Ballast.isThere(directory)).isTrue();

        Files.delete(directory.resolve(Ballast.NAME));
        pass(Duration.ofMinutes(1));
        assertThat(Ballast.isThere(directory)).isFalse();
    }
}
