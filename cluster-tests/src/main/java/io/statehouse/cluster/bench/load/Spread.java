package io.statehouse.cluster.bench.load;

import java.util.ArrayList;
import java.util.List;

/** The middle of several measurements, and how far they lie apart. */
public record Spread(double median, double min, double max) {
    /**
     * Of these; not finite ones are left out.
     *
     * @return NaN in all parts if none is left
     */
    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().filter(Double::isFinite).sorted().toList();
        if (sorted.isEmpty()) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /** Of the ratios of measurements that were taken side by side: the i-th to the i-th. */
    public static Spread ofRatios(List<Double> values, List<Double> to) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), to.size()); i++) {
            ratios.add(values.get(i) / to.get(i));
        }
        return of(ratios);
    }
}
