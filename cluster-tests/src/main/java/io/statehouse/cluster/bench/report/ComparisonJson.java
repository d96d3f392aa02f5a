package io.statehouse.cluster.bench.report;

import io.statehouse.client.Json;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.load.Spread;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison for programs: every sample of every round, and what was made of them. */
public final class ComparisonJson {
    private ComparisonJson() {}

    /** One line of JSON. */
    public static String of(Comparison comparison) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("conditions", comparison.conditions());
        fields.put(
                "figures",
                comparison.figures().stream().map(ComparisonJson::figure).toList());
        return Json.of(fields).text();
    }

    private static Map<String, @Nullable Object> figure(Figure figure) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("workload", figure.workload().word());
        fields.put("system", figure.contender().word());
        fields.put("callers", figure.callers());
        fields.put("per_second", spread(figure.perSecond()));
        fields.put("p50_ms", spread(figure.p50Millis()));
        fields.put("p99_ms", spread(figure.p99Millis()));
        fields.put("driver_cpu_share", spread(figure.driver()));
        fields.put("machine_cpu_share", spread(figure.machine()));
        fields.put("failures", figure.failures());
        fields.put(
                "rounds", figure.rounds().stream().map(ComparisonJson::sample).toList());
        return fields;
    }

    private static Map<String, @Nullable Object> sample(Sample sample) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("per_second", number(sample.perSecond()));
        fields.put("p50_ms", number(sample.p50Millis()));
        fields.put("p99_ms", number(sample.p99Millis()));
        fields.put("failures", sample.failures());
        fields.put("driver_cpu_share", number(sample.cpu().driver()));
        fields.put("machine_cpu_share", number(sample.cpu().machine()));
        return fields;
    }

    private static Map<String, @Nullable Object> spread(Spread spread) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("median", number(spread.median()));
        fields.put("min", number(spread.min()));
        fields.put("max", number(spread.max()));
        return fields;
    }

    // JSON has no word for what was not told.
    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
