package io.statehouse.node.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfile, Compose's and Kubernetes's files say nothing that the daemon would not understand. */
class ContainersTest {
    private static final String DOCKERFILE = Shipped.read(Shipped.ROOT.resolve("Dockerfile"));
    private static final Pattern DEFAULTED = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
    private static final List<String> PROBED = List.of("/healthz", "/readyz");

    private static String instruction(String name) {
        return DOCKERFILE
                .replaceAll("\\\\\n\\s*", " ")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new AssertionError("no " + name))
                .substring(name.length() + 1);
    }

    private static String variable(String name) {
        for (String word : instruction("ENV").split(" ", -1)) {
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
        }
        throw new AssertionError("no variable " + name);
    }

    @Test
    void theImageIsNotRootKeepsItsDataInAVolumeAndStartsWithoutAShell() {
        assertThat(DOCKERFILE.lines().filter(line -> !line.startsWith("#")).findFirst())
                .get()
                .asString()
                .startsWith("ARG BASE_IMAGE=");
        assertThat(DOCKERFILE.lines().filter(line -> line.startsWith("FROM ")))
                .allMatch(line -> line.startsWith("FROM ${BASE_IMAGE}"));
        assertThat(instruction("USER")).matches("[1-9][0-9]*:[1-9][0-9]*");
        assertThat(instruction("VOLUME")).isEqualTo(variable("STATEHOUSE_DATA_DIR"));
        assertThat(instruction("ENTRYPOINT")).isEqualTo("[\"statehoused\"]");
        assertThat(instruction("HEALTHCHECK")).endsWith("CMD [\"statehousectl\", \"health\"]");
        assertThat(DOCKERFILE).doesNotContain("STATEHOUSE_INSECURE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n1", "n2", "n3"})
    void aNodeOfComposeIsOneThatStarts(String id) {
        var compose = Yaml.read(
                        Shipped.ROOT.resolve("docker-compose.yml"),
                        text -> DEFAULTED.matcher(text).replaceAll("$1"))
                .getFirst();
        var service = compose.at("services", id);
        Map<String, String> environment =
                new TreeMap<>(service.at("environment").texts());
        environment.put("STATEHOUSE_DATA_DIR", variable("STATEHOUSE_DATA_DIR"));

        var config = Shipped.config(environment);

        assertThat(config.self().id())
                .isEqualTo(id)
                .isEqualTo(service.at("hostname").text());
        assertThat(config.members()).hasSize(3);
        assertThat(config.self().apiAddress()).isEqualTo(id + ":50051");
        assertThat(service.at("volumes").items().getFirst().text()).isEqualTo(id + ":" + config.dataDirectory());
        assertThat(service.at("ports").items())
                .extracting(Yaml::text)
                .allMatch(port -> port.startsWith("127.0.0.1:"))
                .satisfiesExactly(
                        api -> assertThat(api)
                                .endsWith(":" + config.apiAddress().port()),
                        http -> assertThat(http)
                                .endsWith(":" + config.httpAddress().port()));
        assertThat(service.at("read_only").text()).isEqualTo("true");
        assertThat(service.at("cap_drop").text()).isEqualTo("[ALL]");
        assertThat(service.at("security_opt").text()).contains("no-new-privileges:true");
        assertThat(compose.at("volumes").has(id)).isTrue();
    }

    @Test
    void prometheusCollectsFromTheNodesOfComposeAndKnowsTheAlertRules() {
        var prometheus =
                Yaml.read(Shipped.FILES.resolve("prometheus/prometheus.yml")).getFirst();

        var targets = prometheus.at("scrape_configs").items().getFirst().at("static_configs");

        assertThat(targets.items().getFirst().at("targets").text()).isEqualTo("[n1:3030, n2:3030, n3:3030]");
        for (Yaml file : prometheus.at("rule_files").items()) {
            assertThat(Shipped.FILES.resolve("prometheus").resolve(file.text())).exists();
        }
    }

    private static Yaml ofKind(String kind) {
        return Yaml.read(Shipped.FILES.resolve("kubernetes/statehouse.yaml")).stream()
                .filter(document -> document.at("kind").text().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aPodOfKubernetesIsANodeThatStarts(int ordinal) {
        var container = container();
        Map<String, String> environment = new TreeMap<>();
        for (Yaml variable : container.at("env").items()) {
            String name = variable.at("name").text();
            environment.put(
                    name,
                    variable.has("value")
                            ? expanded(variable.at("value").text(), environment)
                            : ofField(
                                    variable.at("valueFrom", "fieldRef", "fieldPath")
                                            .text(),
                                    ordinal));
        }
        environment.remove("NAMESPACE");

        var config = Shipped.config(environment);

        assertThat(config.members()).hasSize(replicas());
        assertThat(config.self().id()).isEqualTo("statehouse-" + ordinal);
        assertThat(config.self().raftAddress())
                .isEqualTo("statehouse-" + ordinal + "."
                        + ofKind("StatefulSet").at("spec", "serviceName").text() + ".ours.svc.cluster.local:50061");
        assertThat(port("api")).isEqualTo(config.apiAddress().port());
        assertThat(port("http")).isEqualTo(config.httpAddress().port());
        assertThat(config.self().raftAddress()).endsWith(":" + port("raft"));
        assertThat(config.security().api()).isNotNull();
        assertThat(config.security().raft()).isNotNull();
        assertThat(config.dataDirectory())
                .startsWithRaw(java.nio.file.Path.of(container
                        .at("volumeMounts")
                        .named("data")
                        .at("mountPath")
                        .text()));
    }

    private static Yaml container() {
        return ofKind("StatefulSet")
                .at("spec", "template", "spec", "containers")
                .named("statehoused");
    }

    private static int replicas() {
        return Integer.parseInt(ofKind("StatefulSet").at("spec", "replicas").text());
    }

    private static int port(String name) {
        return Integer.parseInt(
                container().at("ports").named(name).at("containerPort").text());
    }

    private static String ofField(String path, int ordinal) {
        return switch (path) {
            case "metadata.name" -> "statehouse-" + ordinal;
            case "metadata.namespace" -> "ours";
            default -> throw new AssertionError("no such field: " + path);
        };
    }

    /** As the kubelet does: with the variables that stand before. */
    private static String expanded(String text, Map<String, String> before) {
        String expanded = text;
        for (var variable : before.entrySet()) {
            expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        assertThat(expanded).doesNotContain("$(");
        return expanded;
    }

    @Test
    void theManifestIsConsistentInItself() {
        var set = ofKind("StatefulSet").at("spec");
        var labels = set.at("template", "metadata", "labels").texts();
        var service = ofKind("Service");

        assertThat(set.at("selector", "matchLabels").texts()).isEqualTo(labels);
        assertThat(service.at("spec", "selector").texts()).isEqualTo(labels);
        assertThat(ofKind("PodDisruptionBudget")
                        .at("spec", "selector", "matchLabels")
                        .texts())
                .isEqualTo(labels);
        assertThat(service.at("metadata", "name").text())
                .isEqualTo(set.at("serviceName").text());
        assertThat(service.at("spec", "clusterIP").text()).isEqualTo("None");
        assertThat(service.at("spec", "publishNotReadyAddresses").text()).isEqualTo("true");
        for (Yaml port : service.at("spec", "ports").items()) {
            assertThat(Integer.parseInt(port.at("port").text()))
                    .isEqualTo(port(port.at("targetPort").text()));
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container().at(probe, "httpGet", "path").text()).isIn(PROBED);
            assertThat(port(container().at(probe, "httpGet", "port").text())).isPositive();
        }
        for (Yaml mount : container().at("volumeMounts").items()) {
            String name = mount.at("name").text();
            assertThat(name.equals("data")
                            || set.at("template", "spec", "volumes").named(name).has("name"))
                    .isTrue();
        }
    }

    @Test
    void aPodIsNotRootAndItsRootIsReadOnly() {
        var pod = ofKind("StatefulSet").at("spec", "template", "spec", "securityContext");
        var own = container().at("securityContext");

        assertThat(pod.at("runAsNonRoot").text()).isEqualTo("true");
        assertThat(pod.at("runAsUser").text() + ":" + pod.at("runAsGroup").text())
                .isEqualTo(instruction("USER"));
        assertThat(own.at("readOnlyRootFilesystem").text()).isEqualTo("true");
        assertThat(own.at("allowPrivilegeEscalation").text()).isEqualTo("false");
        assertThat(own.at("capabilities", "drop").text().toUpperCase(Locale.ROOT))
                .isEqualTo("[ALL]");
    }
}
