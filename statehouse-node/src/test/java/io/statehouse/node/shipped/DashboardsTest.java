package io.statehouse.node.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Dashboard and alert rules ask for nothing that no node has; docs/metrics.md is held against a live one elsewhere. */
class DashboardsTest {
    private static final Path DASHBOARD = Shipped.FILES.resolve("grafana/statehouse.json");
    private static final Path ALERTS = Shipped.FILES.resolve("prometheus/alerts.yml");
    private static final Pattern NAME = Pattern.compile("\\b(?:statehouse|jvm|process|system)_[a-z0-9_]+\\b");
    private static final Pattern LABELS = Pattern.compile("\\b(statehouse_[a-z0-9_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)\"");
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

    /** Micrometer's own that are used; a live node is asked for them too. */
    static final Set<String> OF_MICROMETER = Set.of("jvm_memory_used_bytes", "process_cpu_usage");

    private static List<String> expressions() {
        return java.util.stream.Stream.of(DASHBOARD, ALERTS)
                .flatMap(file -> Yaml.read(file).getFirst().all("expr"))
                .toList();
    }

    /** A histogram is asked for by its parts. */
    private static boolean isKnown(String name) {
        Map<String, String> documented = MetricNames.documented();
        String whole = name.replaceFirst("_(bucket|sum|count|max)$", "");
        return documented.containsKey(name)
                || OF_MICROMETER.contains(name)
                || "histogram".equals(documented.get(whole));
    }

    @Test
    void everyMetricThatIsAskedForExists() {
        assertThat(expressions()).hasSizeGreaterThan(30);
        assertThat(expressions())
                .allSatisfy(expression -> assertThat(NAME.matcher(expression).results())
                        .extracting(name -> name.group())
                        .as(expression)
                        .isNotNull()
                        .allMatch(DashboardsTest::isKnown));
    }

    @Test
    void everyLabelThatIsAskedForIsOneOfTheMetric() {
        String page = Shipped.read(Shipped.ROOT.resolve("docs/metrics.md"));
        for (String expression : expressions()) {
            LABELS.matcher(expression).results().forEach(use -> {
                String name = use.group(1).replaceFirst("_(bucket|sum|count|max)$", "");
                String row = page.lines()
                        .filter(line -> line.startsWith("| `" + name + "` |"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no row for " + name));
                Set<String> asked = new TreeSet<>();
                LABEL.matcher(use.group(2)).results().forEach(label -> asked.add(label.group(1)));
                asked.removeAll(OF_PROMETHEUS);
                assertThat(List.of(row.split("\\|", -1)[3].strip().split(", ", -1)))
                        .as(expression)
                        .containsAll(asked);
            });
        }
    }

    @Test
    void everyAlertSaysWhatToDo() {
        var rules = Yaml.read(ALERTS)
                .getFirst()
                .at("groups")
                .items()
                .getFirst()
                .at("rules")
                .items();

        assertThat(rules).hasSizeGreaterThan(8).allSatisfy(rule -> {
            assertThat(rule.at("alert").text()).startsWith("Statehouse");
            assertThat(rule.at("labels", "severity").text()).isIn("warning", "critical");
            assertThat(rule.at("annotations", "summary").text()).isNotBlank();
            assertThat(rule.at("annotations", "action").text()).isNotBlank();
        });
    }

    @Test
    void everyPanelSaysWhatItShowsAndLiesOnTheGrid() {
        var panels = Yaml.read(DASHBOARD).getFirst().at("panels").items();

        assertThat(panels.stream().map(panel -> panel.at("id").text())).doesNotHaveDuplicates();
        assertThat(panels)
                .filteredOn(panel -> panel.has("targets"))
                .hasSizeGreaterThan(15)
                .allSatisfy(panel -> {
                    assertThat(panel.at("title").text()).isNotBlank();
                    assertThat(panel.at("description").text()).isNotBlank();
                    var grid = panel.at("gridPos");
                    assertThat(Integer.parseInt(grid.at("x").text())
                                    + Integer.parseInt(grid.at("w").text()))
                            .isLessThanOrEqualTo(24);
                    assertThat(panel.at("targets").items()).isNotEmpty();
                });
    }
}
