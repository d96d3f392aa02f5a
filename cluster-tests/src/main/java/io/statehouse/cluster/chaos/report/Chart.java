package io.statehouse.cluster.chaos.report;

import io.statehouse.cluster.chaos.report.Svg.Box;
import io.statehouse.cluster.chaos.verdict.Facts;
import io.statehouse.cluster.chaos.verdict.Timeline;
import io.statehouse.cluster.chaos.verdict.Timeline.FaultSpan;
import io.statehouse.cluster.chaos.verdict.Timeline.Leadership;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import java.util.List;
import java.util.Locale;

/** Draws a run over time: phases, leaders and faults as strips, throughput and latency as curves, every client as a lane. */
final class Chart {
    private static final double STRIP = 18;
    private static final double SPACE = 5;
    private static final double CURVES = 120;
    private static final long GAP_MILLIS_MIN = 300;
    private static final double LABEL_WIDTH_MIN = 44;
    private static final double LOG_MICROS_MIN = 2;
    private static final double LOG_MICROS_MAX = 7;

    private final Facts facts;
    private final Scale scale;
    private final Svg svg = new Svg();
    private double y = 6;

    Chart(Facts facts, Scale scale) {
        this.facts = facts;
        this.scale = scale;
    }

    String draw() {
        phases();
        leaders();
        faults();
        var below = new Svg();
        double top = y;
        var buckets = new Buckets(scale, facts.traffic());
        rate(buckets);
        latency(buckets);
        y = new Lanes(facts, scale, svg).draw(y);
        bands(below, top);
        axis(below, top);
        return String.format(
                Locale.ROOT,
                "<svg id=\"chart\" viewBox=\"0 0 %.0f %.0f\" data-left=\"%.0f\" data-right=\"%.0f\" data-seconds=\"%.3f\">%n%s%s%s</svg>",
                Scale.WIDTH,
                y + STRIP,
                Scale.LEFT,
                Scale.RIGHT,
                scale.totalSeconds(),
                below,
                svg,
                String.format(
                        Locale.ROOT,
                        "<line id=\"cross\" x1=\"-9\" x2=\"-9\" y1=\"0\" y2=\"%.0f\"/><text id=\"clock\" x=\"-9\" y=\"10\"></text>",
                        y));
    }

    private void phases() {
        label("phase");
        Phase[] all = Phase.values();
        for (int i = 0; i + 1 < all.length; i++) {
            long begin = facts.timeline().begin(all[i]);
            if (begin != Long.MAX_VALUE) {
                long end = Math.min(facts.timeline().begin(all[i + 1]), scale.toNanos());
                strip(
                        "phase",
                        begin,
                        end,
                        "strong",
                        all[i].name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
        next();
    }

    private void leaders() {
        label("leader");
        List<Leadership> leaders = facts.timeline().leaders();
        for (int i = 0; i < leaders.size(); i++) {
            Leadership leader = leaders.get(i);
            long end = i + 1 < leaders.size() ? leaders.get(i + 1).nanos() : scale.toNanos();
            strip(leader.node(), leader.nanos(), end, "in", leader.node() + " · term " + leader.term());
        }
        for (Timeline.Death death : facts.timeline().deaths()) {
            String text = death.node() + " ended by itself with status " + death.status();
            svg.rect("death", new Box(scale.x(death.nanos()) - 2, y, 4, STRIP), text);
        }
        next();
    }

    private void faults() {
        List<String> names = facts.timeline().faults().stream()
                .map(FaultSpan::name)
                .distinct()
                .toList();
        for (String name : names) {
            label(name);
            for (FaultSpan fault : facts.timeline().faults()) {
                if (fault.name().equals(name)) {
                    fault(fault);
                }
            }
            next();
        }
    }

    private void fault(FaultSpan fault) {
        double x = scale.x(fault.beginNanos());
        double width = scale.x(fault.endNanos()) - x;
        String tip = String.format(
                Locale.ROOT,
                "%d: %s on %s, from %.1f s to %.1f s%n%s",
                fault.number(),
                fault.name(),
                fault.target(),
                scale.seconds(fault.beginNanos()),
                scale.seconds(Math.min(fault.endNanos(), scale.toNanos())),
                fault.isObserved() ? fault.evidence() : "nobody saw it");
        svg.rect(fault.isObserved() ? "fault" : "unseen", new Box(x, y, width, STRIP), tip);
        if (width > LABEL_WIDTH_MIN / 2) {
            svg.text("in", x + 4, y + STRIP - 5, fault.target());
        }
    }

    private void strip(String style, long begin, long end, String textStyle, String text) {
        double x = scale.x(begin);
        double width = scale.x(end) - x;
        svg.rect(style, new Box(x, y, width - 1, STRIP), text);
        if (width > LABEL_WIDTH_MIN) {
            svg.text(textStyle, x + 5, y + STRIP - 5, text);
        }
    }

    private void label(String text) {
        svg.text("", "end", Scale.LEFT - 10, y + STRIP - 5, text);
    }

    private void next() {
        y += STRIP + SPACE;
    }

    private void rate(Buckets buckets) {
        double bottom = y + CURVES;
        double most = buckets.rateMax();
        var line = new StringBuilder();
        for (int i = 0; i < buckets.count(); i++) {
            double at = bottom - (CURVES - STRIP) * buckets.rate(i) / most;
            line.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", buckets.x(i), at));
        }
        String area = String.format(
                Locale.ROOT,
                "%sL%.1f %.1fL%.1f %.1fZ",
                line,
                buckets.x(buckets.count() - 1),
                bottom,
                buckets.x(0),
                bottom);
        svg.path("rate", area).path("rate-line", line);
        svg.text("strong", "end", Scale.LEFT - 10, y + STRIP, "commits/s");
        svg.text("", "end", Scale.LEFT - 10, y + STRIP + STRIP, String.format(Locale.ROOT, "max %.0f", most));
        for (Facts.Gap gap : facts.gaps(GAP_MILLIS_MIN)) {
            double x = scale.x(gap.beginNanos());
            double width = scale.x(gap.endNanos()) - x;
            svg.rect("gap", new Box(x, y, width, CURVES), "no commit for " + gap.millis() + " ms");
            if (width > STRIP) {
                svg.text("", "middle", x + width / 2, y + STRIP - 6, gap.millis() + " ms");
            }
        }
        y = bottom + SPACE;
    }

    private void latency(Buckets buckets) {
        double bottom = y + CURVES;
        var median = new StringBuilder();
        var slow = new StringBuilder();
        boolean isPen = false;
        for (int i = 0; i < buckets.count(); i++) {
            if (!buckets.isSilent(i)) {
                String act = isPen ? "L" : "M";
                median.append(point(act, buckets.x(i), bottom, buckets.medianMicros(i)));
                slow.append(point(act, buckets.x(i), bottom, buckets.slowMicros(i)));
            }
            isPen = !buckets.isSilent(i);
        }
        for (double decade = LOG_MICROS_MIN + 1; decade < LOG_MICROS_MAX; decade++) {
            double at = height(bottom, decade);
            String text = decade < 6 ? String.format(Locale.ROOT, "%.0f ms", Math.pow(10, decade - 3)) : "1 s";
            svg.line("grid", Scale.LEFT, at, Scale.RIGHT, at).text("", "end", Scale.LEFT - 10, at + 4, text);
        }
        svg.path("p99", slow).path("p50", median);
        svg.text("strong", "end", Scale.LEFT - 10, y + STRIP - 4, "p50, p99");
        y = bottom + SPACE + SPACE;
    }

    private static String point(String act, double x, double bottom, long micros) {
        return String.format(
                Locale.ROOT, "%s%.1f %.1f", act, x, height(bottom, Math.log10((double) Math.max(1, micros))));
    }

    private static double height(double bottom, double logMicros) {
        double share = (logMicros - LOG_MICROS_MIN) / (LOG_MICROS_MAX - LOG_MICROS_MIN);
        return bottom - CURVES * Math.clamp(share, 0, 1);
    }

    private void bands(Svg below, double top) {
        for (FaultSpan fault : facts.timeline().faults()) {
            double x = scale.x(fault.beginNanos());
            below.rect("band", new Box(x, top, scale.x(fault.endNanos()) - x, y - top), "");
        }
    }

    private void axis(Svg below, double top) {
        for (long second : scale.ticks()) {
            double x = scale.x(scale.nanosAt(second));
            below.line("grid", x, top, x, y);
            below.text("", "middle", x, y + STRIP - 4, second + " s");
        }
    }
}
