package io.statehouse.cluster.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.client.Json;
import io.statehouse.cluster.bench.load.CpuShare;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Workload;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ComparisonReportTest {
    private static final Comparison COMPARISON = new Comparison(
            Map.of("machine", "2 <small> processors"),
            List.of(
                    figure(Workload.HISTORY, 1, Contender.STATEHOUSE, 50_000, 60_000, 40_000),
                    figure(Workload.HISTORY, 1, Contender.ETCD, 10_000, 10_000, 10_000),
                    figure(Workload.COMMIT, 1, Contender.STATEHOUSE, 900, 800, 1_000),
                    figure(Workload.COMMIT, 1, Contender.ETCD, 600, 400, 500),
                    figure(Workload.COMMIT, 64, Contender.STATEHOUSE, 9_000, 9_000, 9_000),
                    figure(Workload.COMMIT, 64, Contender.ETCD, 3_000, 4_500, 3_000)));

    private static Figure figure(Workload workload, int callers, Contender contender, double... perSecond) {
        List<Sample> rounds = Arrays.stream(perSecond)
                .mapToObj(rate -> new Sample(rate, 1.5, 12.25, 0, new CpuShare(0.25, Double.NaN)))
                .toList();
        return new Figure(workload, callers, contender, rounds);
    }

    @Test
    void theTableTellsMediansSpreadsAndRatiosOfTheSameRounds() {
        String table = String.join("\n", ComparisonTable.of(COMPARISON));

        assertThat(table)
                .containsPattern("64 +statehouse +9,000 +9,000–9,000 +1.50 +12.3 +25 % +– +0 +3.00 \\(2.00–3.00\\)");
        assertThat(table).containsPattern("1 +statehouse +900 +800–1,000 .* 2.00 \\(1.50–2.00\\)");
        assertThat(table).contains("machine: 2 <small> processors");
    }

    @Test
    void theJsonHoldsEverySampleAndNoNumberThatIsNone() {
        Map<String, ?> json = Json.parse(ComparisonJson.of(COMPARISON)).toMap();

        assertThat((List<?>) json.get("figures")).hasSize(6);
        assertThat(json.toString()).contains("machine_cpu_share=null", "per_second=40000");
    }

    @Test
    void everyDrawingOfThePageIsWellFormed() throws Exception {
        String page = ComparisonPage.of(COMPARISON);

        List<String> drawings = Arrays.stream(page.split("(?=<svg )", -1))
                .filter(part -> part.startsWith("<svg "))
                .map(part -> part.substring(0, part.indexOf("</svg>") + "</svg>".length()))
                .toList();
        assertThat(drawings).hasSize(3).noneMatch(drawing -> drawing.contains("NaN"));
        requireWellFormed(drawings);
    }

    @Test
    void everyPlotIsAFileThatBringsItsColours() throws Exception {
        Map<String, String> files = Plots.files(COMPARISON);

        assertThat(files).containsOnlyKeys("history-throughput.svg", "commit-throughput.svg", "commit-latency.svg");
        assertThat(files.values()).allMatch(drawing -> drawing.contains(".paper { fill: #ffffff; }"));
        requireWellFormed(files.values());
    }

    private static void requireWellFormed(Collection<String> drawings) throws Exception {
        for (String drawing : drawings) {
            var unused = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(drawing)));
        }
    }

    @Test
    void thePageLeadsWithTheRatioAtTheMostCallersAndEscapesWhatItIsTold() {
        String page = ComparisonPage.of(COMPARISON);

        assertThat(page).contains("<b>3.00 × etcd</b><span>commit, 64 callers</span>", "2 &lt;small&gt; processors");
        assertThat(page).contains("--statehouse:", "--paper:").endsWith("</html>\n");
    }
}
