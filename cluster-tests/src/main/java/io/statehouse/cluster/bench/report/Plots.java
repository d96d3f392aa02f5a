package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Spread;
import io.statehouse.cluster.bench.peer.Workload;
import io.statehouse.cluster.bench.report.Plot.Curve;
import io.statehouse.cluster.bench.report.Plot.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What is drawn of a comparison: for each workload its throughput against the callers, and its latencies. */
public final class Plots {
    private Plots() {}

    /** Every plot as the text of an SVG file that needs nothing beside it, by its name. */
    public static Map<String, String> files(Comparison comparison) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Workload workload : comparison.workloads()) {
            of(comparison, workload)
                    .forEach((name, drawing) -> files.put(workload.word() + "-" + name + ".svg", drawing.alone()));
        }
        return files;
    }

    /** The plots of a workload, by what they show. */
    static Map<String, Drawing> of(Comparison comparison, Workload workload) {
        Map<String, Drawing> drawings = new LinkedHashMap<>();
        String throughput = workload.word() + ": " + workload.unit();
        List<Figure> figures = comparison.of(workload);
        if (figures.stream().map(Figure::callers).distinct().count() == 1) {
            drawings.put("throughput", Bars.draw(throughput, figures));
            return drawings;
        }
        drawings.put("throughput", Plot.draw(throughput, curves(comparison, workload, "", Figure::perSecond)));
        List<Curve> latencies = new ArrayList<>(curves(comparison, workload, "", Figure::p50Millis));
        latencies.addAll(curves(comparison, workload, " p99", Figure::p99Millis));
        drawings.put("latency", Plot.draw(workload.word() + ": latency in ms, p50, and p99 dashed", latencies));
        return drawings;
    }

    private static List<Curve> curves(
            Comparison comparison, Workload workload, String style, Function<Figure, Spread> value) {
        return comparison.contenders().stream()
                .map(contender -> new Curve(
                        contender,
                        style,
                        comparison.of(workload, contender).stream()
                                .sorted(Comparator.comparingInt(Figure::callers))
                                .map(figure -> point(figure, value.apply(figure)))
                                .toList()))
                .toList();
    }

    private static Point point(Figure figure, Spread value) {
        String tip = figure.contender().word() + ", " + Numbers.callers(figure.callers()) + ": " + Numbers.ratio(value);
        return new Point(figure.callers(), value, tip);
    }
}
