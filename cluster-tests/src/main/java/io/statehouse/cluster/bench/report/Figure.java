package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.load.Spread;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import java.util.List;

/**
 * What one system came to with one workload and so many callers.
 *
 * @param rounds one sample of each round, in their order
 */
public record Figure(Workload workload, int callers, Contender contender, List<Sample> rounds) {
    /** Copies the list. */
    public Figure {
        rounds = List.copyOf(rounds);
    }

    Spread perSecond() {
        return Spread.of(rates());
    }

    Spread p50Millis() {
        return Spread.of(rounds.stream().map(Sample::p50Millis).toList());
    }

    Spread p99Millis() {
        return Spread.of(rounds.stream().map(Sample::p99Millis).toList());
    }

    Spread driver() {
        return Spread.of(rounds.stream().map(sample -> sample.cpu().driver()).toList());
    }

    Spread machine() {
        return Spread.of(rounds.stream().map(sample -> sample.cpu().machine()).toList());
    }

    long failures() {
        return rounds.stream().mapToLong(Sample::failures).sum();
    }

    /** How much more it does in a second than another; each round is compared with the same round of the other. */
    Spread ratioTo(Figure other) {
        return Spread.ofRatios(rates(), other.rates());
    }

    private List<Double> rates() {
        return rounds.stream().map(Sample::perSecond).toList();
    }
}
