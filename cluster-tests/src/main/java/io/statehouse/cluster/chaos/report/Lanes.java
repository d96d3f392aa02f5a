package io.statehouse.cluster.chaos.report;

import io.statehouse.cluster.chaos.report.Svg.Box;
import io.statehouse.cluster.chaos.verdict.Facts;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Draws what every client did: a tick for each call that ended quickly, a bar for one that took its time. */
final class Lanes {
    private static final double HEIGHT = 12;
    private static final double SPACE = 2;
    private static final double BAR_WIDTH_MIN = 3;
    /** A page that a browser takes a minute to draw is looked at by nobody. */
    private static final int BARS_PER_LANE_MAX = 600;

    private final Scale scale;
    private final Svg svg;
    private final Map<Integer, List<Call>> lanes = new TreeMap<>();

    Lanes(Facts facts, Scale scale, Svg svg) {
        this.scale = scale;
        this.svg = svg;
        for (Call call : facts.traffic()) {
            lanes.computeIfAbsent(call.process(), process -> new ArrayList<>()).add(call);
        }
    }

    /** Draws from {@code y} on; returns where it ended. */
    double draw(double y) {
        double at = y;
        for (var lane : lanes.entrySet()) {
            List<Call> calls = lane.getValue();
            String name =
                    calls.getFirst().load().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            svg.text("", "end", Scale.LEFT - 10, at + HEIGHT - 2, name + " " + lane.getKey());
            draw(calls, at);
            at += HEIGHT + SPACE;
        }
        return at;
    }

    private void draw(List<Call> calls, double y) {
        var quick = new StringBuilder();
        var refused = new StringBuilder();
        double lastQuick = -1;
        double lastRefused = -1;
        int bars = 0;
        for (Call call : calls) {
            double x = scale.x(call.callNanos());
            double width = scale.x(endOf(call)) - x;
            boolean isBar = width >= BAR_WIDTH_MIN || call.outcome() == Outcome.UNKNOWN;
            if (isBar && bars++ < BARS_PER_LANE_MAX) {
                svg.rect(barOf(call.outcome()), new Box(x, y, width, HEIGHT), CallText.of(call));
            } else if (call.outcome() == Outcome.OK && x - lastQuick >= 1) {
                quick.append(tick(x, y));
                lastQuick = x;
            } else if (call.outcome() == Outcome.FAIL && x - lastRefused >= 1) {
                refused.append(tick(x, y));
                lastRefused = x;
            }
        }
        svg.path("tick-ok", quick).path("tick-fail", refused);
    }

    /** One that was given up ended for its caller then. */
    private static long endOf(Call call) {
        return call.leftNanos() == Call.NEVER ? call.callNanos() : call.leftNanos();
    }

    private static String tick(double x, double y) {
        return String.format(Locale.ROOT, "M%.1f %.1fv%.0f", x, y, HEIGHT);
    }

    private static String barOf(Outcome outcome) {
        return switch (outcome) {
            case OK -> "bar-ok";
            case FAIL -> "bar-fail";
            case UNKNOWN -> "bar-unknown";
        };
    }
}
