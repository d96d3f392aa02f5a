package io.statehouse.cluster.bench.report;

import static io.statehouse.cluster.chaos.report.Svg.escaped;

import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

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
                .append(Style.ofPage())
                .append(
                        "</style></head><body><main>\n<header><div><h1>Statehouse beside what one would use instead</h1>")
                .append(
                        "<div class=\"sub\">Lines and bars are medians; bands and whiskers reach from the worst round to ")
                .append("the best.</div></div></header>\n");
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
                .append(escaped(figure.workload().word() + ", " + Numbers.callers(figure.callers())))
                .append("</span></div>");
    }

    private void workload(Workload workload) {
        page.append("<h2>")
                .append(workload.word())
                .append("</h2><p class=\"legend\">")
                .append(escaped(workload.meaning()))
                .append("</p><div class=\"card plots\">\n");
        Plots.of(comparison, workload).values().forEach(drawing -> page.append(drawing.inPage()));
        page.append("</div>\n");
        table(workload);
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
