package io.statehouse.cluster.bench.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoreBenchmarksTest {
    @ParameterizedTest
    @EnumSource
    void everyInvocationAppliesAsManyTransactionsAsItCountsFor(Engine engine) {
        var benchmark = new ApplyBenchmark();
        benchmark.engine = engine;
        for (int batch : new int[] {1, 64, 256}) {
            benchmark.batch = batch;
            benchmark.make();

            assertThat(benchmark.apply()).isEqualTo(256);
        }
        benchmark.close();
    }

    @Test
    void whatIsEncodedIsDecodedAgain() {
        var benchmark = new LogBenchmark();
        benchmark.make();

        assertThat(benchmark.decode().commands()).hasSize(64);
        assertThat(benchmark.encode().length).isGreaterThan(64 * 256);
        assertThat(benchmark.journalAppend()).hasSize(Sha256.BYTES).isNotEqualTo(benchmark.chain());
    }

    @Test
    void everyCommitOfTheStoreIsRead() {
        var benchmark = new PastBenchmark();
        benchmark.fill();

        assertThat(benchmark.replay()).isEqualTo(10_000);
        assertThat(benchmark.readNow()).isNotNull();
        benchmark.close();
    }

    @Test
    void anEmbeddedSessionHoldsWhatWasAppended() {
        try (var session = new EmbeddedSession()) {
            assertThat(session.appendAtOnce(10)).isEqualTo(10);
            assertThat(session.appendTogether(100)).isPositive();

            assertThat(session.state().text()).contains("\"event_count\":10");
        }
    }
}
