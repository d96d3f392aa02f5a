package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.Ports;
import io.statehouse.cluster.bench.load.CpuClock;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.fault.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** PostgreSQL: a table of events and one of state, both changed by one statement; driven by its own {@code pgbench}. */
final class PostgresPeer implements Peer {
    private static final Duration READY_MAX = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofMinutes(2);
    private static final int CALLERS_MAX = 256;
    private static final int CONNECTIONS_MAX = CALLERS_MAX + 44;
    private static final String OWNER = "postgres";

    private final ServerProcess process;
    private final int port;
    private final Path scripts;
    private final AtomicInteger runs = new AtomicInteger();

    private PostgresPeer(ServerProcess process, int port, Path scripts) {
        this.process = process;
        this.port = port;
        this.scripts = scripts;
    }

    static PostgresPeer start(Site site) {
        int port = Ports.freeRun(1);
        Path data = site.directory().resolve("postgres");
        initialize(data);
        List<String> command = asOwner(
                program("postgres"),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-k",
                "",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "max_connections=" + CONNECTIONS_MAX);
        var process = new ServerProcess(data, command);
        process.start();
        var peer = new PostgresPeer(process, port, site.directory());
        try {
            Await.until("postgres serves; see " + process.log(), READY_MAX, () -> {
                process.requireAlive();
                return peer.isReady();
            });
            return peer;
        } catch (RuntimeException | Error e) {
            peer.close();
            throw e;
        }
    }

    private static void initialize(Path data) {
        try {
            Files.createDirectories(data);
            if (isRoot()) {
                Shell.run("chown", OWNER, data.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.run(
                asOwner(
                        program("initdb"),
                        "-D",
                        data.toString(),
                        "-U",
                        OWNER,
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "--locale=C"),
                GRACE);
    }

    // PostgreSQL refuses to run as root.
    private static List<String> asOwner(String... command) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid=" + OWNER, "--regid=" + OWNER, "--init-groups"));
        }
        words.addAll(List.of(command));
        return words;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String program(String name) {
        return Contender.POSTGRES.programs().stream()
                .filter(program -> program.name().equals(name))
                .findFirst()
                .orElseThrow()
                .require()
                .toString();
    }

    private boolean isReady() {
        try {
            sql("SELECT 1");
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private String sql(String statements) {
        List<String> command = new ArrayList<>(List.of(program("psql")));
        command.addAll(server());
        command.addAll(List.of("-v", "ON_ERROR_STOP=1", "-q", "-A", "-t", "-c", statements, OWNER));
        return Shell.run(command, GRACE);
    }

    private List<String> server() {
        return List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", OWNER);
    }

    @Override
    public String version() {
        return "PostgreSQL " + sql("SHOW server_version").strip();
    }

    @Override
    public void fill() {
        sql(PostgresScripts.SCHEMA);
        sql(PostgresScripts.fill());
    }

    @Override
    public boolean can(Workload workload, int callers) {
        return workload != Workload.TRANSACTION && workload != Workload.WATCH && callers <= CALLERS_MAX;
    }

    @Override
    public Sample measure(Workload workload, Drill drill) {
        Path log = scripts.resolve("pgbench-" + runs.incrementAndGet());
        try {
            Path script = Files.writeString(scripts.resolve("pgbench.sql"), PostgresScripts.of(workload));
            var cpu = new CpuClock();
            Shell.run(
                    pgbench(drill, script, log),
                    drill.warmup().plus(drill.measured()).plus(GRACE));
            var share = cpu.elapsed();
            long things = workload == Workload.HISTORY ? Things.EVENTS : 1;
            return PgbenchLog.read(log, drill, things).sample(drill.callers(), share);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> pgbench(Drill drill, Path script, Path log) {
        int threads = Math.min(drill.callers(), Runtime.getRuntime().availableProcessors());
        long seconds = drill.warmup().plus(drill.measured()).plusMillis(999).toSeconds();
        List<String> command = new ArrayList<>(List.of(program("pgbench")));
        command.addAll(server());
        command.addAll(List.of(
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + drill.callers(),
                "--jobs=" + threads,
                "--time=" + seconds,
                "--file=" + script,
                "--log",
                "--log-prefix=" + log,
                OWNER));
        return command;
    }

    @Override
    public void close() {
        process.kill();
    }
}
