package io.statehouse.cluster.bench.report;

import io.statehouse.cluster.bench.load.Spread;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.chaos.report.Svg;
import io.statehouse.cluster.chaos.report.Svg.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws curves over the number of callers, both axes logarithmic: a line for the medians, a band for the rounds around it. */
final class Plot {
    private static final double WIDTH = 620;
    private static final double HEIGHT = 340;
    private static final double LEFT = 64;
    private static final double RIGHT = WIDTH - 108;
    private static final double TOP = 34;
    private static final double BOTTOM = HEIGHT - 40;
    private static final double LABEL_SPACE = 13;
    private static final double DOT = 7;
    private static final double DECADE = 10;

    /** A point of a curve. */
    record Point(int callers, Spread value, String tip) {}

    /**
     * A curve.
     *
     * @param style added to the name of the system: "" or the second curve of a system
     */
    record Curve(Contender contender, String style, List<Point> points) {}

    private final List<Curve> curves;
    private final Svg svg = new Svg();
    private final double callersMin;
    private final double callersMax;
    private final double valueMin;
    private final double valueMax;

    private Plot(List<Curve> curves) {
        this.curves = curves;
        List<Point> points =
                curves.stream().flatMap(curve -> curve.points().stream()).toList();
        this.callersMin = points.stream().mapToInt(Point::callers).min().orElse(1);
        this.callersMax = points.stream().mapToInt(Point::callers).max().orElse(1);
        this.valueMin =
                points.stream().mapToDouble(point -> point.value().min()).min().orElse(1);
        this.valueMax =
                points.stream().mapToDouble(point -> point.value().max()).max().orElse(1);
    }

    /** The drawing. */
    static Drawing draw(String title, List<Curve> curves) {
        var plot = new Plot(
                curves.stream().filter(curve -> !curve.points().isEmpty()).toList());
        plot.svg.text("strong", 0, TOP / 2, title);
        plot.grid();
        plot.curves.forEach(plot::curve);
        plot.names();
        return new Drawing(title, WIDTH, HEIGHT, plot.svg);
    }

    private void grid() {
        for (double decade = floorDecade(valueMin); decade <= valueMax; decade *= DECADE) {
            for (double tick : List.of(decade, decade * 2, decade * 5)) {
                if (tick >= valueMin && tick <= valueMax) {
                    svg.line("grid", LEFT, y(tick), RIGHT, y(tick)).text("", "end", LEFT - 8, y(tick) + 4, label(tick));
                }
            }
        }
        curves.stream()
                .flatMap(curve -> curve.points().stream())
                .map(Point::callers)
                .distinct()
                .sorted()
                .forEach(callers -> svg.line("grid", x(callers), TOP, x(callers), BOTTOM)
                        .text("", "middle", x(callers), BOTTOM + LABEL_SPACE + 2, Integer.toString(callers)));
        svg.text("", "middle", (LEFT + RIGHT) / 2, HEIGHT - 6, "callers");
    }

    private static double floorDecade(double value) {
        return Math.pow(DECADE, Math.floor(Math.log10(value)));
    }

    private static String label(double tick) {
        return tick >= 1 ? String.format(Locale.ROOT, "%,d", Math.round(tick)) : Double.toString(tick);
    }

    private void curve(Curve curve) {
        String color = curve.contender().word();
        List<Point> points = curve.points();
        var line = new StringBuilder();
        var band = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            line.append(at(i == 0 ? "M" : "L", point.callers(), point.value().median()));
            band.append(at(i == 0 ? "M" : "L", point.callers(), point.value().max()));
        }
        for (Point point : points.reversed()) {
            band.append(at("L", point.callers(), point.value().min()));
        }
        svg.path("band-of " + color, band.append('Z')).path("curve " + color + curve.style(), line);
        for (Point point : points) {
            double x = x(point.callers());
            double y = y(point.value().median());
            svg.rect("dot-of " + color, new Box(x - DOT / 2, y - DOT / 2, DOT, DOT), point.tip());
        }
    }

    private String at(String act, int callers, double value) {
        return String.format(Locale.ROOT, "%s%.1f %.1f", act, x(callers), y(value));
    }

    /** Every curve is named where it ends; names that would lie on each other move apart. */
    private void names() {
        List<Curve> byHeight = new ArrayList<>(curves);
        byHeight.sort((a, b) -> Double.compare(end(a), end(b)));
        double free = TOP;
        for (Curve curve : byHeight) {
            double y = Math.max(free, end(curve) + 4);
            String name = curve.contender().word() + (curve.style().isEmpty() ? "" : curve.style());
            svg.text(
                    "name " + curve.contender().word(),
                    x(curve.points().getLast().callers()) + DOT + 2,
                    y,
                    name);
            free = y + LABEL_SPACE;
        }
    }

    private double end(Curve curve) {
        return y(curve.points().getLast().value().median());
    }

    private double x(double callers) {
        return callersMax == callersMin
                ? (LEFT + RIGHT) / 2
                : LEFT + (RIGHT - LEFT) * Math.log(callers / callersMin) / Math.log(callersMax / callersMin);
    }

    private double y(double value) {
        double share = valueMax <= valueMin ? 1.0 / 2 : Math.log(value / valueMin) / Math.log(valueMax / valueMin);
        return BOTTOM - (BOTTOM - TOP) * Math.clamp(share, 0, 1);
    }
}
