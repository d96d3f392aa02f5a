package io.statehouse.cluster.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.Distribution;
import io.statehouse.cluster.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that a newcomer runs first do what they say: in a clone, and unpacked from the tarball without any Java. */
class QuickstartCase {
    private static final long MINUTES_MAX = 5;
    private static final int NODES = 3;

    @TempDir
    private Path directory;

    private Map<String, String> place;

    @BeforeEach
    void choosePorts() {
        int first = Ports.freeRun(3 * NODES);
        place = Map.of(
                "STATEHOUSE_CLUSTER_DIR", directory.resolve("cluster").toString(),
                "STATEHOUSE_API_PORT", Integer.toString(first),
                "STATEHOUSE_RAFT_PORT", Integer.toString(first + NODES),
                "STATEHOUSE_HTTP_PORT", Integer.toString(first + 2 * NODES));
    }

    @AfterEach
    void wipe() throws Exception {
        run("cluster", "wipe");
    }

    @Test
    void quickstartShowsAFailoverAndCanBeRunAgain() throws Exception {
        var first = run("quickstart");
        var again = run("quickstart");

        assertThat(first.status()).as(first.output()).isZero();
        assertThat(first.output())
                .contains(
                        "Committed at 1 ",
                        "killed n",
                        "Committed at 2 ",
                        "v=1",
                        "v=2",
                        "\"status\":\"done\"",
                        "It runs.");
        assertThat(again.status()).as(again.output()).isZero();
        assertThat(again.output()).contains("Committed at 3 ", "Committed at 4 ", "v=4");
    }

    @Test
    void aClusterStartsStopsAndKeepsItsDataUntilItIsWiped() throws Exception {
        assertThat(run("cluster", "status").output()).contains("n1  stopped", "n2  stopped", "n3  stopped");
        assertThat(run("cluster", "start").output()).contains("n1  ready", "n2  ready", "n3  ready", "leader: n");
        assertThat(run("cluster", "start").status())
                .as("starting what runs is fine")
                .isZero();

        assertThat(run("cluster", "stop").output()).contains("stopped");
        assertThat(run("cluster", "status").output()).contains("n1  stopped", "n2  stopped", "n3  stopped");
        assertThat(run("cluster", "kill", "1").status()).as("nothing to kill").isNotZero();
        assertThat(run("cluster", "kill", "4").output()).contains("which node?");
        assertThat(directory.resolve("cluster/n1/identity")).exists();

        assertThat(run("cluster", "wipe").status()).isZero();
        assertThat(directory.resolve("cluster/n1")).doesNotExist();
    }

    @Test
    void theTarballIsCheckedAndUnpackedAsTheManualSaysAndRunsOnItsOwnRuntime() throws Exception {
        var downloads = directory.resolve("downloads");
        var prefix = Files.createDirectory(directory.resolve("prefix"));
        assertThat(run("package", downloads.toString()).status()).isZero();

        var unused = Runbook.in(directory)
                .with("DOWNLOADS", downloads)
                .with("PREFIX", prefix)
                .shows("Install", 1);
        var unpacked = only(prefix);
        var shown = run(withoutJava(unpacked.resolve("bin/quickstart")), "bare");

        assertThat(shown.status()).as(shown.output()).isZero();
        assertThat(shown.output()).contains("Committed at 1 ", "killed n", "Committed at 2 ", "It runs.");
        assertThat(unpacked.resolve("run/statehoused").toRealPath())
                .startsWith(unpacked.resolve("runtime").toRealPath());
        assertThat(unpacked.resolve("share/systemd/statehouse.service")).exists();
        installWithSystemd(prefix);

        var again = directory.resolve("again");
        assertThat(run("package", again.toString()).status()).isZero();
        assertThat(checksum(again))
                .as("the same sources make the same tarball")
                .isEqualTo(checksum(downloads))
                .hasSizeGreaterThan(64);
    }

    private void installWithSystemd(Path prefix) throws Exception {
        if (!OwnEtc.obstacle().isEmpty()) {
            System.out.println("not installed with systemd: " + OwnEtc.obstacle());
            return;
        }
        var own = Files.createDirectory(directory.resolve("own"));

        var installed = OwnEtc.of(Runbook.in(directory), own, prefix).shows("Install", 2);

        assertThat(installed.status()).as(installed.output()).isZero();
        assertThat(own.resolve("etc/statehouse/statehouse.env")).exists();
        assertThat(Files.isSymbolicLink(own.resolve("etc/systemd/system/multi-user.target.wants/statehouse.service")))
                .isTrue();
    }

    private static String checksum(Path packages) throws IOException {
        try (var files = Files.list(packages)) {
            return Files.readString(files.filter(file -> file.toString().endsWith(".sha256"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private static ProcessBuilder withoutJava(Path program) {
        var builder = new ProcessBuilder(program.toString());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("JAVA_HOME", "/nonexistent");
        return builder;
    }

    private static Path only(Path parent) throws IOException {
        try (var files = Files.list(parent)) {
            return files.findFirst().orElseThrow();
        }
    }

    private record Ran(int status, String output) {}

    private Ran run(String script, String... arguments) throws Exception {
        return run(Distribution.assemble().command(script, arguments), script);
    }

    private Ran run(ProcessBuilder builder, String name) throws Exception {
        var output = Files.createTempFile(directory, name, ".out");
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(place);
        var process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(name + " hangs: " + Files.readString(output));
        }
        return new Ran(process.exitValue(), Files.readString(output));
    }
}
