package io.statehouse.cluster.bench.report;

import static io.statehouse.cluster.chaos.report.Svg.escaped;

import io.statehouse.cluster.bench.load.Spread;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import io.statehouse.cluster.bench.report.Plot.Curve;
import io.statehouse.cluster.bench.report.Plot.Point;
import io.statehouse.cluster.chaos.report.HtmlReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** A comparison as a page to look at: the ratios, then for each workload its curves and its table. */
public final class ComparisonPage {
    private final Comparison comparison;
    private final StringBuilder page = new StringBuilder();

    private ComparisonPage(Comparison comparison) {
        this.comparison = comparison;
    }

    /** The page, which needs nothing beside it. */
    public static String of(Comparison comparison) {
        var page = new ComparisonPage(comparison);
        page.head();
        page.ratios();
        comparison.workloads().forEach(page::workload);
        page.conditions();
        return page.page + "</main></body></html>\n";
    }

    private void head() {
        page.append(
                        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Statehouse compared</title><style>\n")
                .append(style(HtmlReport.class))
                .append(style(ComparisonPage.class))
                .append(
                        "</style></head><body><main>\n<header><div><h1>Statehouse beside what one would use instead</h1>")
                .append(
                        "<div class=\"sub\">Lines and bars are medians; bands and whiskers reach from the worst round to ")
                .append("the best.</div></div></header>\n");
    }

    private static String style(Class<?> page) {
        try (var in = Objects.requireNonNull(page.getResourceAsStream("style.css"), "style.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For each workload, Statehouse against etcd with the most callers that both had. */
    private void ratios() {
        page.append("<div class=\"numbers\">");
        for (Workload workload : comparison.workloads()) {
            comparison.of(workload, Contender.STATEHOUSE).stream()
                    .filter(figure -> comparison.beside(figure, Contender.ETCD) != null)
                    .max(Comparator.comparingInt(Figure::callers))
                    .ifPresent(this::ratio);
        }
        page.append("</div>\n");
    }

    private void ratio(Figure figure) {
        Figure etcd = Objects.requireNonNull(comparison.beside(figure, Contender.ETCD));
        page.append("<div class=\"number\"><b>")
                .append(Numbers.of(figure.ratioTo(etcd).median()))
                .append(" × etcd</b><span>")
                .append(escaped(figure.workload().word() + ", " + callers(figure.callers())))
                .append("</span></div>");
    }

    private static String callers(int callers) {
        return callers == 1 ? "1 caller" : callers + " callers";
    }

    private void workload(Workload workload) {
        page.append("<h2>")
                .append(workload.word())
                .append("</h2><p class=\"legend\">")
                .append(escaped(workload.meaning()))
                .append("</p><div class=\"card plots\">\n");
        boolean isOne =
                comparison.of(workload).stream().map(Figure::callers).distinct().count() == 1;
        if (isOne) {
            page.append(Bars.draw(workload.unit(), comparison.of(workload)));
        } else {
            page.append(Plot.draw(workload.unit(), curves(workload, "", Figure::perSecond)));
            List<Curve> latencies = new ArrayList<>(curves(workload, "", Figure::p50Millis));
            latencies.addAll(curves(workload, " p99", Figure::p99Millis));
            page.append(Plot.draw("latency in ms: p50, and p99 dashed", latencies));
        }
        page.append("</div>\n");
        table(workload);
    }

    private List<Curve> curves(Workload workload, String style, Function<Figure, Spread> value) {
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
        String tip = figure.contender().word() + ", " + callers(figure.callers()) + ": " + Numbers.ratio(value);
        return new Point(figure.callers(), value, tip);
    }

    private void table(Workload workload) {
        List<List<String>> rows = ComparisonTable.rows(comparison, workload);
        page.append("<details><summary>numbers</summary><div class=\"card\"><table>");
        for (int i = 0; i < rows.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            page.append("<tr>");
            for (String text : rows.get(i)) {
                page.append('<')
                        .append(cell)
                        .append('>')
                        .append(escaped(text))
                        .append("</")
                        .append(cell)
                        .append('>');
            }
            page.append("</tr>\n");
        }
        page.append("</table></div></details>\n");
    }

    private void conditions() {
        page.append("<h2>Conditions</h2><div class=\"card\"><table>");
        comparison
                .conditions()
                .forEach((name, value) -> page.append("<tr><td>")
                        .append(escaped(name))
                        .append("</td><td>")
                        .append(escaped(value))
                        .append("</td></tr>\n"));
        page.append("</table></div>\n");
    }
}
