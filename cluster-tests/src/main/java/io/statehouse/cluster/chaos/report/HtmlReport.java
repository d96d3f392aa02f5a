package io.statehouse.cluster.chaos.report;

import static io.statehouse.cluster.chaos.report.Svg.escaped;

import io.statehouse.cluster.chaos.verdict.Facts;
import io.statehouse.cluster.chaos.verdict.Judgement;
import io.statehouse.cluster.chaos.verdict.Ruling;
import io.statehouse.cluster.chaos.verdict.Timeline.Phase;
import io.statehouse.cluster.check.Finding;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes the page of a run: the verdict, the run over time, the demands one by one, and who contradicts whom. */
public final class HtmlReport {
    private static final String CROSS = """
            <script>
            const chart = document.getElementById('chart'), cross = document.getElementById('cross'), clock = document.getElementById('clock');
            chart.addEventListener('mousemove', event => {
              const at = chart.createSVGPoint(); at.x = event.clientX; at.y = event.clientY;
              const x = at.matrixTransform(chart.getScreenCTM().inverse()).x, left = +chart.dataset.left, right = +chart.dataset.right;
              if (x < left || x > right) return;
              cross.setAttribute('x1', x); cross.setAttribute('x2', x); clock.setAttribute('x', x + 6);
              clock.textContent = ((x - left) / (right - left) * chart.dataset.seconds).toFixed(2) + ' s';
            });
            </script>
            """;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Facts facts;
    private final Judgement judgement;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(Facts facts, Judgement judgement) {
        this.facts = facts;
        this.judgement = judgement;
    }

    /** The page of a run. */
    public static String of(String id, String title, History history, Judgement judgement) {
        var report = new HtmlReport(new Facts(history), judgement);
        report.head(id, title);
        report.numbers();
        report.chart();
        report.rulings();
        report.findings();
        report.loads();
        return report.page + "</main>" + CROSS + "</body></html>\n";
    }

    private void head(String id, String title) {
        String seed = facts.history().settings().getOrDefault("seed", "?");
        String grade = judgement.grade().name();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(id + " " + grade))
                .append("</title><style>\n")
                .append(style())
                .append("</style></head><body><main>\n<header><span class=\"badge ")
                .append(grade)
                .append("\">")
                .append(grade)
                .append("</span><div><h1>")
                .append(escaped(id + ": " + title))
                .append("</h1><div class=\"sub\">./scripts/chaos run ")
                .append(escaped(id + " --seed " + seed))
                .append("</div></div></header>\n");
    }

    private static String style() {
        try (var in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("style.css"), "style.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void numbers() {
        List<Call> calls = facts.traffic();
        long unknown =
                calls.stream().filter(call -> call.outcome() == Outcome.UNKNOWN).count();
        List<Long> gaps = facts.gapOfEachFault();
        page.append("<div class=\"numbers\">");
        number(count(facts.acknowledgedBetween(0, Long.MAX_VALUE)), "commits acknowledged");
        number(count(calls.size()), "calls");
        number(count(unknown), "unknown outcomes, resolved");
        number(count(facts.timeline().faults().size()), "faults");
        number(count(facts.timeline().leaderChanges()), "leader changes");
        number(Facts.percentile(gaps, 0.5) + " ms", "write gap at a fault, p50");
        number(Facts.percentile(gaps, 1) + " ms", "write gap at a fault, max");
        number(String.format(Locale.ROOT, "%.0f/s", facts.baseline()), "commits before the faults");
        page.append("</div>\n");
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void number(String value, String name) {
        page.append("<div class=\"number\"><b>")
                .append(value)
                .append("</b><span>")
                .append(name)
                .append("</span></div>");
    }

    private void chart() {
        page.append("<h2>The run</h2><div class=\"card\">")
                .append(new Chart(facts, scale()).draw())
                .append(
                        "</div><div class=\"legend\"><i style=\"background:var(--ok)\"></i>answered<i style=\"background:var(--fail)\"></i>refused"
                                + "<i style=\"background:var(--unknown)\"></i>unknown outcome<i style=\"background:var(--fault)\"></i>fault"
                                + "<i style=\"background:var(--unknown);opacity:.3\"></i>no commit for 300 ms or more; point at anything to read more</div>\n");
    }

    private Scale scale() {
        long begin = facts.timeline().begin(Phase.WARM_UP);
        long end = facts.timeline().begin(Phase.AUDIT);
        long last = facts.history().calls().stream()
                .mapToLong(Call::callNanos)
                .max()
                .orElse(1);
        return new Scale(begin == Long.MAX_VALUE ? 0 : begin, end == Long.MAX_VALUE ? Math.max(last, 1) : end);
    }

    private void rulings() {
        page.append("<h2>Demands</h2><div class=\"card\"><table>");
        judgement.rulings().stream()
                .sorted(Comparator.comparing(Ruling::grade).reversed())
                .forEach(ruling -> page.append("<tr><td><span class=\"dot ")
                        .append(ruling.grade())
                        .append("\"></span>")
                        .append(ruling.grade())
                        .append("</td><td>")
                        .append(escaped(ruling.demand()))
                        .append("</td><td>")
                        .append(escaped(ruling.text()))
                        .append("</td></tr>\n"));
        page.append("</table></div>\n");
    }

    private void findings() {
        if (!judgement.checks().isViolation()) {
            return;
        }
        page.append("<h2>Who contradicts whom</h2><div class=\"card\">");
        judgement.checks().verdicts().forEach((name, verdict) -> {
            if (verdict instanceof Verdict.Illegal illegal) {
                illegal.findings().forEach(finding -> finding(name, finding));
            }
        });
        page.append("</div>\n");
    }

    private void finding(String checker, Finding finding) {
        page.append("<details open><summary>")
                .append(escaped(checker + ": " + finding.anomaly() + ", "
                        + finding.anomaly().meaning()))
                .append("</summary><pre>")
                .append(escaped(finding.witness()))
                .append("</pre></details>\n");
    }

    private void loads() {
        page.append("<h2>Calls by workload</h2><div class=\"card\"><table><tr><th>workload</th>");
        for (String column : List.of("answered", "refused", "unknown", "p50", "p99", "max")) {
            page.append("<th class=\"right\">").append(column).append("</th>");
        }
        page.append("</tr>");
        for (Load load : Load.values()) {
            List<Call> calls = facts.history().callsOf(load).toList();
            if (!calls.isEmpty()) {
                load(load, calls);
            }
        }
        page.append("</table></div>\n");
    }

    private void load(Load load, List<Call> calls) {
        page.append("<tr><td>")
                .append(load.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .append("</td>");
        for (Outcome outcome : List.of(Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN)) {
            cell(count(calls.stream().filter(call -> call.outcome() == outcome).count()));
        }
        List<Long> millis = calls.stream()
                .filter(Call::isOk)
                .map(call -> (call.returnNanos() - call.callNanos()) / NANOS_PER_MILLI)
                .sorted()
                .toList();
        for (double share : List.of(0.5, 0.99, 1.0)) {
            cell(Facts.percentile(millis, share) + " ms");
        }
        page.append("</tr>\n");
    }

    private void cell(String text) {
        page.append("<td class=\"right\">").append(text).append("</td>");
    }
}
