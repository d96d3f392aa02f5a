package io.statehouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The outcome of a load run, for people and for programs. */
final class BenchReport {
    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    private final BenchPlan plan;
    private final BenchTally tally;

    BenchReport(BenchPlan plan, BenchTally tally) {
        this.plan = plan;
        this.tally = tally;
    }

    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%d callers, %.0f %% reads, %d byte values, %d agents x %d keys, measured %.1f s after %.1f s of warm-up",
                plan.concurrency(),
                plan.readRatio() * 100,
                plan.valueBytes(),
                plan.agents(),
                plan.keys(),
                tally.seconds(),
                plan.warmup().toNanos() / 1e9));
        lines.add(plan.mode().discipline());
        lines.add("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "ops", "ops/s", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "errors"));
        rows.add(row("writes", tally.writes()));
        rows.add(row("reads", tally.reads()));
        lines.addAll(Columns.of(rows));
        lines.add("");
        if (plan.readRatio() < 1) {
            lines.add(String.format(
                    Locale.ROOT,
                    "longest time without a successful write: %.1f ms, from %.1f s on",
                    tally.writeGap().nanos() / MILLIS,
                    tally.writeGap().beganNanos() / 1e9));
        }
        tally.writes().errors().forEach((kind, count) -> lines.add("write errors " + kind + ": " + count));
        tally.reads().errors().forEach((kind, count) -> lines.add("read errors " + kind + ": " + count));
        if (tally.readsOfNothing() > 0) {
            lines.add("reads that found no value: " + tally.readsOfNothing());
        }
        return List.copyOf(lines);
    }

    private List<String> row(String name, BenchTally.Kind kind) {
        Histogram latencies = kind.latencies();
        return List.of(
                name,
                Long.toString(kind.succeededInWindow()),
                String.format(Locale.ROOT, "%.0f", rate(kind)),
                millis(latencies, P50),
                millis(latencies, P99),
                millis(latencies, P999),
                millis(latencies, 100),
                Long.toString(errors(kind)));
    }

    private static String millis(Histogram latencies, double percentile) {
        return latencies.getTotalCount() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", latencies.getValueAtPercentile(percentile) / MILLIS);
    }

    String json() {
        var gap = tally.writeGap();
        return new JsonLine()
                .text("mode", plan.mode().name().toLowerCase(Locale.ROOT))
                .text("latency_discipline", plan.mode().discipline())
                .number("rate", plan.rate())
                .number("concurrency", plan.concurrency())
                .number("read_ratio", plan.readRatio())
                .number("value_bytes", plan.valueBytes())
                .number("agents", plan.agents())
                .number("keys", plan.keys())
                .number("seed", plan.seed())
                .number("warmup_seconds", plan.warmup().toNanos() / 1e9)
                .number("measured_seconds", tally.seconds())
                .number("ops_per_second", rate(tally.writes()) + rate(tally.reads()))
                .json("writes", json(tally.writes()))
                .json("reads", json(tally.reads()))
                .number("reads_of_nothing", tally.readsOfNothing())
                .json("write_gap_ms", plan.readRatio() < 1 ? Double.toString(gap.nanos() / MILLIS) : "null")
                .json("write_gap_began_s", plan.readRatio() < 1 ? Double.toString(gap.beganNanos() / 1e9) : "null")
                .toString();
    }

    private String json(BenchTally.Kind kind) {
        Histogram latencies = kind.latencies();
        var line = new JsonLine()
                .number("succeeded", kind.succeededInWindow())
                .number("ops_per_second", rate(kind))
                .number("latencies", latencies.getTotalCount())
                .number("p50_us", latencies.getValueAtPercentile(P50) / MICROS)
                .number("p99_us", latencies.getValueAtPercentile(P99) / MICROS)
                .number("p999_us", latencies.getValueAtPercentile(P999) / MICROS)
                .number("max_us", latencies.getMaxValue() / MICROS)
                .number("errors", errors(kind));
        var byKind = new JsonLine();
        kind.errors().forEach((name, count) -> byKind.number(name, count));
        return line.json("errors_by_kind", byKind.toString()).toString();
    }

    private double rate(BenchTally.Kind kind) {
        return kind.succeededInWindow() / tally.seconds();
    }

    private static long errors(BenchTally.Kind kind) {
        return kind.errors().values().stream().mapToLong(Long::longValue).sum();
    }
}
